"""Synonyms: what people call the columns of each dataset, in several languages.

Names are compared in small letters without blanks, hyphens, underscores and accents.
"""

import re
import unicodedata
from functools import cache

from insight_core.records.datasets import payload

_PARTIES = """
key: id customerid customerkey customernumber customerno custid clientid clientkey accountid accountnumber contactid
  partyid personid memberid userid kundennummer kundennr kundenid numeroclient idclient codeclient numerocliente
  idcliente
  kdnr kdnummer kdno kundenr knr kundenkennung mandantennr mitgliedsnr mitgliedsnummer nclient noclient numclient
  refclient ncliente numcliente nocliente codcliente idcli
name_prefix: prefix title salutation anrede titel civilite tratamiento
  anr civ trat titre titulo
given_name: firstname forename givenname first vorname prenom nombre nome
  vname rufname vorn pren nombredepila nombrepila
middle_name: middlename middleinitial middle zweitername
family_name: lastname surname familyname last nachname familienname nomdefamille apellido apellidos cognome
  nname zuname nachn famname nomfamille primerapellido apell
name_suffix: suffix namesuffix
organisation_name: organisationname organizationname company companyname business businessname resellername storename
  firma firmenname unternehmen entreprise societe raisonsociale empresa razonsocial accountname
  fa firmenbez firmenbezeichnung organisation org ste nomsociete denomination denominationsociale nomempresa
email: email emailaddress correoe mail eaddress mailadresse emailadresse courriel adresseemail correo correoelectronico
  emailadr mailadr epost emailprivat mel adressemail adrmail direccioncorreo
phone: phone phonenumber telephone telephonenumber tel mobile mobilephone cell cellphone telefon telefonnummer handy
  mobil rufnummer numerodetelephone telefono movil portable
  telnr telno teleph rufnr mobilnr mobilnummer handynr telefonnr festnetz fon numtel notel teldomicile
  telportable portables tlf tfno tfn telf telef movilnum numtelefono numerotelefono gsm natel
street: street address addressline1 address1 streetaddress streetname adresse strasse anschrift rue direccion calle via
  str strassenr strassehausnr strasseundhausnummer strassehausnummer hausanschrift adr adr1 adresse1 voie norue
  rueetnumero dir domicilio calleynumero callenumero
city: city town stadt ort wohnort ville ciudad poblacion localidad citta
  stadtort ortschaft gemeinde localite commune municipio
region: region state province stateprovince statename stateprovincename county bundesland departement provincia estado
  bl kanton dept prov comunidadautonoma
postal_code: postalcode postcode zip zipcode plz postleitzahl codepostal codigopostal cp cap
  postleitz postlz codpostal codpost cpostal npa
country: country countrycode countryregion countryname land staat pays pais paese
  landkz landcode lkz codepays codpais
address_since: addresssince movedin movedat movein wohnhaftseit
language: language lang locale sprache langue idioma
  spr korrespondenzsprache lng
customer_since: customersince datefirstpurchase joindate joined signupdate registered registrationdate membersince
  kundeseit clientdepuis clientedesde createdat
  kdseit kundeab eintrittsdatum dateinscription inscritdepuis fechaalta alta clientedesdeel
account_status: accountstatus status customerstatus kundenstatus statut estadocliente
birth_date: birthdate dateofbirth dob birthday born geburtsdatum geburtstag datedenaissance naissance fechadenacimiento
  fechanacimiento nacimiento datadinascita
  gebdatum gebdat gebd gebtag geb geborenam gebam geburtsdat datenaiss datenais dnaiss neele nele fnacimiento
  fnac fechanac
  fecnac fechadenac
gender: gender sex geschlecht sexe genre sexo genero
  geschl gesch
marital_status: maritalstatus marital married familienstand etatcivil situationfamiliale estadocivil
  famstand sitfam estciv
nationality: nationality citizenship staatsangehorigkeit nationalitat nationalite nacionalidad
education: education educationlevel degree bildung abschluss diplome niveauetudes estudios
occupation: occupation job jobtitle profession beruf metier ocupacion profesion puesto
employer: employer arbeitgeber employeur empleador
annual_income: annualincome yearlyincome income salary einkommen jahreseinkommen gehalt revenu revenuannuel salaire
  ingresos ingresosanuales renta
home_owner: homeowner houseowner houseownerflag ownshome eigentumer proprietaire propietario
cars_owned: carsowned numbercarsowned cars vehicles autos voitures coches
commute_distance: commutedistance commute arbeitsweg
accessibility_need: accessibilityneed disability disabilities specialneeds behinderung handicap discapacidad
employment_status: employmentstatus employment workstatus beschaftigung situacionlaboral
children_total: childrentotal totalchildren children numberofchildren kinder enfants hijos
children_at_home: childrenathome numberchildrenathome kinderimhaushalt
household_role: householdrole relationship relationtohead relationshiptoreferenceperson
dwelling: dwelling housingtype dwellingtype wohnform logement vivienda
contract_type: contracttype contract vertrag vertragsart contrat contrato
payment_method: paymentmethod payment zahlungsart zahlungsweise modedepaiement metododepago
paperless_billing: paperlessbilling paperless ebill
tenure_months: tenuremonths tenure
monthly_charges: monthlycharges monthlycharge monthlyfee
total_charges: totalcharges totalcharge
services: services
stated_interests: interests hobbies interessen centresdinteret intereses
industry: industry sector branche secteur industria wirtschaftszweig lineofbusiness
industry_code: industrycode naics naicscode sic siccode nace nacecode
business_type: businesstype companytype rechtsform legalform formejuridique formajuridica
employees: employees numberemployees numberofemployees headcount mitarbeiter effectif empleados
  noofemployees numemployees employeecount staff mitarbeiterzahl anzahlmitarbeiter beschaftigte nombresalaries plantilla
annual_sales: annualsales sales umsatz chiffredaffaires ventas
  turnover annualturnover jahresumsatz
annual_revenue: annualrevenue revenue
founded_year: foundedyear yearopened founded established grundungsjahr
  yearfounded foundingyear yearestablished anneecreation
product_line: productline
order_frequency: orderfrequency
observed_at: updatedat updated lastupdated lastupdate lastmodified modified modifiedat modifieddate changedat changed
  lastchanged lastchange updatedate dateupdated datemodified datechanged recordupdated asof stand geandertam misajour
  letzteanderung letzteaktualisierung anderungsdatum dernieremodification dernieremaj
  datemodification datedemodification ultimaactualizacion ultimamodificacion fechamodificacion fechademodificacion
  letzteaenderung letzteaend letzteand geaendertam aenderungsdatum geandert aktualisiert datemaj majle
  fechaactualizacion actualizado ultmodificacion
verified_at: verifiedat verified lastverified confirmedat lastchecked lastconfirmed checkedat verifieddate
  zuletztgepruft gepruftam verifiele verificadoel
"""

_ABOUT = """
key: customerid customerkey customernumber customerno custid clientid clientkey accountid accountnumber contactid
  partyid personid memberid userid user kundennummer kundennr kundenid numeroclient idclient idcliente resellerkey
  caller sender from fromid usera email emailaddress customer client kunde cliente
  kdnr kdnummer kundenr noclient numclient refclient numcliente codcliente
"""

_HAPPENED = """
occurred_at: when wann quand cuando happenedat happened loggedat createdon entrydate eventdatetime
"""

# What somebody wrote down (notes, comments, remarks) has no place here: free text holds what nobody has agreed to, and
# topics become interests. Who answered is not told of the customer.

_INTERACTIONS = (
    _ABOUT
    + _HAPPENED
    + """
key: anumber callingnumber callingparty callernumber callerid fromnumber msisdn aparty
counterpart: callee recipient receiver to toid tocustomer userb otherparty empfanger destinataire destinatario
  called bnumber callednumber calledparty calleenumber tonumber dialednumber diallednumber bparty destinationnumber
interaction_id: interactionid eventid id messageid ticketid caseid callid
occurred_at: occurredat timestamp ts datetime date time eventtime eventdate contactdate createdat sentat startedat datum
  zeitpunkt zeit dateheure fecha fechahora
  start starttime startdate startdatetime callstart callstarttime calldate calltime contactedat contacttime
channel: channel medium contactchannel kanal canal kontaktkanal
  via contactmethod contacttype contactmode kontaktart kontaktweg communicationchannel
direction: direction inout richtung sens direccion
topic: topic subject reason category issue thema betreff anliegen sujet motif tema asunto
outcome: outcome result status disposition resolution ergebnis resultat resultado
sentiment: sentiment sentimentscore stimmung
tone: tone ton tono
duration_s: durations duration durationseconds seconds dauer duree duracion
  durationsec durationsecs callduration calllength talktime billsec
"""
)

_USAGE = (
    _ABOUT
    + _HAPPENED
    + """
usage_id: usageid orderid ordernumber salesordernumber orderno salesorderid invoice invoiceid invoiceno transactionid
  bestellnummer auftragsnummer rechnungsnummer numerocommande numerodepedido
  belegnr bestellnr auftragsnr rechnungsnr rgnr nocommande numcommande nofacture numpedido numfactura
occurred_at: occurredat orderdate purchasedate transactiondate date timestamp ts invoicedate datum bestelldatum
  datecommande fecha fechapedido startedat
  bestelldat rechnungsdatum rgdatum belegdatum auftragsdatum datefacture fechafactura fechacompra
product_key: productkey productid sku productcode itemid stockcode artikelnummer artikelnr referenceproduit producto
  artnr artikel refproduit refarticle codarticulo
category: category productcategory subcategory kategorie categorie categoria
quantity: quantity qty orderquantity units menge anzahl quantite cantidad
  stk stuck qte cant
amount: amount salesamount total totaldue linetotal price sales revenue betrag summe preis montant prix importe precio
  gesamtbetrag summebrutto brutto netto mtt montantttc importetotal
currency: currency currencycode wahrung devise moneda
channel: channel kanal canal
kind: kind usagetype type
"""
)

_CONSENTS = (
    _ABOUT
    + """
purpose: purpose consentpurpose zweck finalite finalidad
channel: channel kanal canal
status: status consent state decision optin einwilligung consentement consentimiento
decided_at: decidedat date timestamp consentdate givenat datum fecha
expires_at: expiresat expires validuntil
wording: wording text version
"""
)

_REGISTERED = """
vat vatno vatid vatnumber vatregno ustid ustidnr umsatzsteuerid taxid taxno taxnumber steuernummer siren siret nif cif
duns dunsnumber lei companynumber companyno companyregno registrationnumber regno handelsregisternummer hrb
"""
# A number by which an organisation is registered: its key where no column is called one, not beside a source's own.
REGISTERED = frozenset(_REGISTERED.split())

_WHOLE_NAMES = """
name fullname wholename customername customer client clientname personname membername member accountholder holder
holdername policyholder subscriber subscribername kundenname kunde vollername namevorname nachnamevorname
vorundnachname vornamenachname nomcomplet nomprenom nometprenom nombrecompleto nombreyapellidos apellidosynombre
titular titulaire
"""
_SPOKEN_TO = "contact contactname contactperson ansprechpartner interlocuteur personadecontacto"
# A column that holds a whole name; beside an organisation's, whom one speaks to there is not who it is.
SPOKEN_TO = frozenset(_SPOKEN_TO.split())
WHOLE_NAMES = SPOKEN_TO | frozenset(_WHOLE_NAMES.split())

TABLES = {"parties": _PARTIES, "interactions": _INTERACTIONS, "usage": _USAGE, "consents": _CONSENTS}


@cache
def synonyms(dataset: str) -> dict[str, str]:
    """The target of each folded name."""
    made = {folded(column): column for column in payload(dataset)}
    for entry in re.sub(r"\n +", " ", TABLES.get(dataset, "")).split("\n"):
        target, _, words = entry.partition(":")
        made |= {word: target for word in words.split() if word not in made}
    return made


def folded(name: str) -> str:
    """A column's name without case, accents, blanks and signs."""
    plain = unicodedata.normalize("NFKD", name.replace("ß", "ss"))
    return re.sub(r"[^a-z0-9]", "", plain.encode("ascii", "ignore").decode().lower())
