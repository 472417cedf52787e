"""The lake: immutable Parquet files, each listed in the store; one that is not listed does not exist.

A large load is sorted into 64 buckets by record id. A small one is a single file without a
bucket that the next build sorts in. Files are written and synced first and listed after, in
the transaction that makes the whole load visible.
"""

import os
import shutil
from collections.abc import Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from functools import partial
from hashlib import file_digest
from pathlib import Path
from typing import Any
from uuid import uuid4

import pyarrow as pa
import pyarrow.parquet as pq
from sqlalchemy import bindparam
from sqlmodel import Session, col, delete, or_, select

from insight_core.errors import Damaged
from insight_core.records.datasets import columns
from insight_core.store import sorted_in
from insight_core.store.beside import FOLDERS, MOVED, moved, relation
from insight_core.store.buckets import BUCKETS, BUILT, key_of, within
from insight_core.store.database import Database
from insight_core.store.desk_tables import KeptAnswer
from insight_core.store.disk import GRACE_SECONDS, age, digest_of, remove, sync_folder
from insight_core.store.prepared import Prepared
from insight_core.store.scratch import mine
from insight_core.store.sorted_in import Rows, write_file, write_rows
from insight_core.store.sql import rows_in
from insight_core.store.tables import LakeFile

MOST_FILES = 8
MOST_WAITING = 32
# Files that are waited for at a time until they are on the disk.
_KEEPERS = 4
# Every reader asks these, and putting them together takes longer than their answer.
_LISTED = select(LakeFile).where(LakeFile.dataset == bindparam("dataset")).order_by(col(LakeFile.path))
_NEAR = _LISTED.where(
    or_(col(LakeFile.bucket).is_(None), col(LakeFile.bucket).in_(bindparam("buckets", expanding=True)))
)
_OF_ONE = Prepared(
    select(LakeFile.path, LakeFile.bytes).where(
        LakeFile.dataset == bindparam("dataset"),
        or_(
            col(LakeFile.bucket).is_(None),
            col(LakeFile.bucket) == bindparam("bucket"),
            *(col(LakeFile.bucket) == one for one in FOLDERS.values()),
        ),
    )
)


class Lake:
    """The folder with the files, and the list that says which of them count."""

    def __init__(self, root: Path, database: Database) -> None:
        self.root = root
        self._database, self._engine = database, database.engine

    def listed(self, dataset: str, buckets: Iterable[int] | None = None) -> list[LakeFile]:
        """The dataset's files in path order; with `buckets`, those and the ones that lie in none."""
        wanted = None if buckets is None else set(buckets)
        with Session(self._engine) as session:
            if wanted is None or len(wanted) >= BUCKETS:
                return list(session.exec(_LISTED, params={"dataset": dataset}).all())
            near = {"dataset": dataset, "buckets": [*wanted, *FOLDERS.values()]}
            return list(session.exec(_NEAR, params=near).all())

    def paths(self, dataset: str, buckets: Iterable[int] | None = None) -> list[str]:
        """The same as full paths, for an engine to read; raises Damaged for one that is gone or cut short."""
        return [self._there(one.path, one.bytes) for one in self.listed(dataset, buckets)]

    def near(self, dataset: str, buckets: Iterable[int]) -> list[str]:
        """The same paths for a few buckets, as somebody asks for them who waits for one customer."""
        with self._database.rows() as asking:
            files = {
                (path, size)
                for one in buckets
                for path, size in asking.run(_OF_ONE, {"dataset": dataset, "bucket": one})
            }
        return [self._there(path, size) for path, size in sorted(files)]

    def rows(self, dataset: str, buckets: Iterable[int] | None = None) -> str:
        """SQL for the dataset's rows that count, or those that may be in these buckets; something must be listed."""
        some = self.listed(dataset, buckets)
        return self.rows_of(some if any(one.bucket != MOVED for one in some) else self.listed(dataset))

    def rows_of(self, files: Sequence[LakeFile]) -> str:
        """The same for files of one dataset that were listed a moment ago."""
        for one in files:
            self._there(one.path, one.bytes)
        return relation(self.root, files, BUILT.get(files[0].dataset))

    def _there(self, name: str, written: int) -> str:
        path = self.root / name
        size = path.stat().st_size if path.exists() else None
        if size != written:
            raise Damaged(_named(name), "is listed but missing" if size is None else "is not as long as it was written")
        return str(path)

    def broken(self, datasets: Iterable[str] | None = None) -> Iterator[tuple[LakeFile, Damaged]]:
        """Every listed file that is not as it was written, and what is wrong with it; reads all of them through."""
        with Session(self._engine) as session:
            everything = session.exec(select(LakeFile).order_by(col(LakeFile.path))).all()
        wanted = None if datasets is None else set(datasets)
        for one in (file for file in everything if wanted is None or file.dataset in wanted):
            try:
                if digest_of(Path(self._there(one.path, one.bytes))) != one.sha256:
                    yield one, Damaged(_named(one.path), "is not what was written")
            except Damaged as found:
                yield one, found

    def put(self, con: Any, query: str, dataset: str, rows: int) -> list[LakeFile]:
        """Write the query's rows, many of them sorted into buckets, and sync them; they count once they are listed."""

        def some(buckets: Sequence[int] | None) -> str:
            return query if buckets is None else f"SELECT * FROM ({query}) WHERE {within(key_of(dataset), buckets)}"

        return self.put_parts(con, some, dataset, rows)

    def put_parts(
        self, con: Any, query: Rows, dataset: str, rows: int, alike: Mapping[str, str] | None = None
    ) -> list[LakeFile]:
        """The same for rows that can be asked for by bucket; `alike` says, in SQL, what all have in other columns."""
        if rows == 0 and dataset not in BUILT:
            return []
        draft = self.root / dataset / f"draft-{mine()}-{uuid4().hex}"
        draft.mkdir(parents=True)
        try:
            write_rows(con, query, dataset, rows, draft, alike or {})
            with ThreadPoolExecutor(_KEEPERS) as pool:
                return list(pool.map(partial(self._keep, dataset=dataset), sorted(draft.rglob("*.parquet"))))
        finally:
            shutil.rmtree(draft, ignore_errors=True)

    def put_beside(self, dataset: str, rows: pa.Table, keys: Sequence[str]) -> tuple[list[LakeFile], list[LakeFile]]:
        """Write the newest rows of these keys beside the others: (files to list, files to unlist)."""
        listed, key = self.listed(dataset), BUILT[dataset]
        changed = moved(self.root, listed, key, rows, keys)
        beside = [self.put_file(changed.rows, dataset, "beside")] if changed.rows.num_rows else []
        where = changed.list_of(key, beside[0].path if beside else "")
        return [*beside, self.put_file(where, dataset, "moved")], changed.old

    def put_file(self, table: pa.Table, dataset: str, folder: str) -> LakeFile:
        """Write one file into that folder of the dataset; it counts once it is listed."""
        draft = self.root / dataset / f"draft-{mine()}-{uuid4().hex}"
        (draft / folder).mkdir(parents=True)
        try:
            path = draft / folder / "one.parquet"
            write_file(table, path)
            return self._keep(path, dataset)
        finally:
            shutil.rmtree(draft, ignore_errors=True)

    def sort_in(self, con: Any, dataset: str) -> tuple[list[LakeFile], list[LakeFile]]:
        """Move waiting files into buckets and merge crowded buckets: (files to list, files to unlist)."""
        listed = self.listed(dataset)
        waiting = [one for one in listed if one.bucket is None]
        crowded = _crowded(listed)
        old = waiting + [one for one in listed if one.bucket in crowded]
        if not old or (
            not crowded and sum(one.rows for one in waiting) < sorted_in.SMALL and len(waiting) <= MOST_FILES
        ):
            return [], []
        return self._together(con, dataset, old, rows=sorted_in.SMALL), old

    def heap(self, con: Any, dataset: str) -> tuple[list[LakeFile], list[LakeFile]]:
        """Put files that wait together when they are many: (files to list, files to unlist).

        Every load looks into all that wait: without this a thousand small loads would open half a million files.
        """
        waiting = [one for one in self.listed(dataset) if one.bucket is None]
        if len(waiting) < MOST_WAITING:
            return [], []
        return self._together(con, dataset, waiting, rows=sum(one.rows for one in waiting)), waiting

    def _together(self, con: Any, dataset: str, files: Sequence[LakeFile], rows: int) -> list[LakeFile]:
        names = ", ".join(columns(dataset))
        return self.put(con, f"SELECT {names} FROM {rows_in(self.root / one.path for one in files)}", dataset, rows)

    @staticmethod
    def relist(
        session: Session, new: Sequence[LakeFile], old: Sequence[LakeFile] = (), touched: Iterable[int] = ()
    ) -> None:
        """Within the caller's transaction: the new files exist from here on, the old ones do not.

        `touched` are buckets of which rows went beside, so that their files stay.
        """
        kept = {one.path for one in new}
        lost = [one for one in old if one.path not in kept]
        for gone in lost:
            session.delete(session.merge(gone))
        _forget_shares(session, {one.bucket for one in lost if one.dataset == "snapshot"}, touched)
        for one in new:
            session.merge(one)

    def unlink(self, files: Sequence[LakeFile], at_once: bool = False) -> None:
        """Let go of those of the files that are no longer listed.

        Somebody may be reading by an older list: a file goes a while after it was let go, with the
        next one in its folder that is, or with a build; or `at_once`.
        """
        folders = {(self.root / one.path).parent for one in files}
        unlisted = self._unlisted(folders)
        for path in {self.root / one.path for one in files} & set(unlisted):
            if at_once:
                path.unlink(missing_ok=True)
            else:
                with suppress(FileNotFoundError):
                    os.utime(path)
        remove(unlisted)

    def sweep(self) -> None:
        """Remove every file that was let go long enough ago."""
        remove([self.root / name for name in self.unlisted(GRACE_SECONDS)])

    def unlisted(self, seconds: float) -> list[str]:
        """Files that have not been listed for so long: they do not count, but they may hold personal data."""
        found = self._unlisted({path.parent for path in self.root.rglob("*.parquet")})
        return [str(path.relative_to(self.root)) for path in found if age(path) >= seconds]

    def _unlisted(self, folders: Iterable[Path]) -> list[Path]:
        paths = sorted(path for folder in folders for path in folder.glob("*.parquet"))
        with Session(self._engine) as session:
            listed = set(session.exec(select(LakeFile.path)).all())
        return [path for path in paths if str(path.relative_to(self.root)) not in listed]

    def adopt(self, path: Path, dataset: str) -> LakeFile:
        """Take in a file that was written elsewhere on this disk; it counts once the caller lists it."""
        return self._keep(path, dataset)

    def _keep(self, path: Path, dataset: str) -> LakeFile:
        with path.open("rb") as handle:
            digest = file_digest(handle, "sha256").hexdigest()
            os.fsync(handle.fileno())
            size = os.fstat(handle.fileno()).st_size
        named = path.parent.name.startswith("bucket=") or path.parent.name in FOLDERS
        folder = path.parent.name if named else "waiting"
        target = self.root / dataset / folder / f"{digest[:32]}.parquet"
        target.parent.mkdir(parents=True, exist_ok=True)
        path.replace(target)
        sync_folder(target.parent)
        return LakeFile(
            path=str(target.relative_to(self.root)),
            dataset=dataset,
            bucket=FOLDERS.get(folder, int(folder[7:]) if folder.startswith("bucket=") else None),
            rows=pq.read_metadata(target).num_rows,
            bytes=size,
            sha256=digest,
        )


def _named(name: str) -> str:
    return f"The lake's file {name}"


def _forget_shares(session: Session, buckets: set[int | None], touched: Iterable[int]) -> None:
    """What was kept of files that are no more may name customers who are no more; a day's means name nobody.

    It is kept in parts: what is said of a bucket's own files stays where rows only went beside.
    """
    about = delete(KeptAnswer).where(col(KeptAnswer.question) != "history")
    bucket = col(KeptAnswer.bucket) % BUCKETS
    if None in buckets:
        session.exec(about)
    elif buckets:
        session.exec(about.where(bucket.in_(buckets)))
    if gone_beside := set(touched) - buckets:
        session.exec(about.where(bucket.in_(gone_beside), col(KeptAnswer.bucket) >= BUCKETS))


def _crowded(listed: Sequence[LakeFile]) -> set[int]:
    counts: dict[int, int] = {}
    for one in listed:
        if one.bucket is not None:
            counts[one.bucket] = counts.get(one.bucket, 0) + 1
    return {bucket for bucket, count in counts.items() if count > MOST_FILES}
