"use strict";
// Draws every figure from the data inside its element, in the colours of the reader's theme.
const dark = matchMedia("(prefers-color-scheme: dark)");
function colours() {
  const ink = dark.matches ? "#eceff4" : "#14161a", line = dark.matches ? "#323944" : "#dfe3e9";
  const axis = { gridcolor: line, linecolor: line, zerolinecolor: line, automargin: true };
  return {
    paper_bgcolor: "rgba(0,0,0,0)", plot_bgcolor: "rgba(0,0,0,0)", colorway: ["#3d87cf", "#c98a1b", "#3f9d63", "#8a93a3", "#d2544c"],
    font: { color: ink, family: "system-ui, sans-serif" }, xaxis: axis, yaxis: axis,
    hoverlabel: { align: "left" }, margin: { l: 8, r: 16, t: 40, b: 40 },
  };
}
const figures = [...document.querySelectorAll(".figure")].map((place) => {
  const data = JSON.parse(place.querySelector("script").textContent);
  const element = document.createElement("div");
  place.append(element);
  return { element, data };
});
function draw() {
  for (const { element, data } of figures) {
    const layout = { ...data.layout, template: { layout: colours() } };
    Plotly.react(element, data.data, layout, { displayModeBar: false, responsive: true });
  }
}
draw();
dark.addEventListener("change", draw);
document.documentElement.dataset.drawn = String(figures.length);
