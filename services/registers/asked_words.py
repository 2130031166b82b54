"""How people are asked for what registers would say: about themselves, and about whom a service is for."""

from __future__ import annotations

from collections.abc import Mapping

from i18n.text import Wording

# A fact, or a field of one → the question to whoever it is about, and the one about whom the service is for. What is
# not here is not asked: the register tells it after sign-in.
WORDS: Mapping[str, tuple[Wording, ...]] = {
    "person.birthdate": (
        Wording("Kur keni lindur?", "Kada ste rođeni?", "When were you born?"),
        Wording(
            "Kur ka lindur personi për të cilin është shërbimi?",
            "Kada je rođeno lice za koje je usluga?",
            "When was the person born whom the service is for?",
        ),
    ),
    "person.citizenship": (
        Wording(
            "A keni shtetësinë e Kosovës?", "Da li imate državljanstvo Kosova?", "Do you have Kosovo’s citizenship?"
        ),
        Wording(
            "A ka shtetësinë e Kosovës personi për të cilin është shërbimi?",
            "Da li državljanstvo Kosova ima lice za koje je usluga?",
            "Does the person whom the service is for have Kosovo’s citizenship?",
        ),
    ),
    "person.sex": (Wording("Cila është gjinia juaj?", "Koji je vaš pol?", "What is your sex?"),),
    "person.marital_status": (
        Wording("Cili është statusi juaj martesor?", "Koji je vaš bračni status?", "What is your marital status?"),
    ),
    "person.entry": (
        Wording(
            "A është regjistruar lindja juaj në Kosovë?",
            "Da li je vaše rođenje upisano na Kosovu?",
            "Is your birth registered in Kosovo?",
        ),
        Wording(
            "A është regjistruar në Kosovë lindja e personit për të cilin është shërbimi?",
            "Da li je na Kosovu upisano rođenje lica za koje je usluga?",
            "Is the birth of the person whom the service is for registered in Kosovo?",
        ),
    ),
    "children": (
        Wording(
            "Sa fëmijë nën 18 vjeç keni?",
            "Koliko dece mlađe od 18 godina imate?",
            "How many children under 18 do you have?",
        ),
    ),
    "marriages": (
        Wording("Sa herë keni lidhur martesë?", "Koliko puta ste sklopili brak?", "How many times have you married?"),
    ),
    "address": (
        Wording(
            "A keni adresë të regjistruar në Kosovë?",
            "Da li imate prijavljenu adresu na Kosovu?",
            "Do you have a registered address in Kosovo?",
        ),
        Wording(
            "A ka adresë të regjistruar në Kosovë personi për të cilin është shërbimi?",
            "Da li prijavljenu adresu na Kosovu ima lice za koje je usluga?",
            "Does the person whom the service is for have a registered address in Kosovo?",
        ),
    ),
    "address.municipality": (
        Wording(
            "Në cilën komunë e keni adresën e regjistruar?",
            "U kojoj opštini vam je prijavljena adresa?",
            "In which municipality is your registered address?",
        ),
    ),
    "enrolment": (
        Wording(
            "A vijoni shkollën ose universitetin?",
            "Da li pohađate školu ili fakultet?",
            "Do you attend a school or a university?",
        ),
        Wording(
            "A e vijon shkollën ose universitetin personi për të cilin është shërbimi?",
            "Da li školu ili fakultet pohađa lice za koje je usluga?",
            "Does the person whom the service is for attend a school or a university?",
        ),
    ),
    "enrolment.level": (
        Wording(
            "Në cilin nivel të shkollimit jeni?", "Na kom ste nivou školovanja?", "At which level of education are you?"
        ),
        Wording(
            "Në cilin nivel të shkollimit është personi për të cilin është shërbimi?",
            "Na kom nivou školovanja je lice za koje je usluga?",
            "At which level of education is the person whom the service is for?",
        ),
    ),
    "diplomas": (
        Wording(
            "Sa diploma keni marrë në Kosovë?",
            "Koliko ste diploma stekli na Kosovu?",
            "How many diplomas were you awarded in Kosovo?",
        ),
    ),
    "licence": (Wording("A keni patentë shoferi?", "Da li imate vozačku dozvolu?", "Do you have a driving licence?"),),
    "licence.valid_until": (
        Wording(
            "Deri kur vlen patentë shoferi juaj?",
            "Do kada važi vaša vozačka dozvola?",
            "Until when is your driving licence valid?",
        ),
    ),
    "vehicles": (
        Wording(
            "Sa automjete janë të regjistruara në emrin tuaj?",
            "Koliko je vozila registrovano na vaše ime?",
            "How many vehicles are registered in your name?",
        ),
    ),
    "vehicles.registration_valid_until": (
        Wording(
            "Deri kur vlen regjistrimi i automjetit?",
            "Do kada važi registracija vozila?",
            "Until when is the vehicle’s registration valid?",
        ),
    ),
    "vehicles.inspection_valid_until": (
        Wording(
            "Deri kur vlen kontrolli teknik i automjetit?",
            "Do kada važi tehnički pregled vozila?",
            "Until when is the vehicle’s technical inspection valid?",
        ),
    ),
    "vehicles.insurance_valid_until": (
        Wording(
            "Deri kur vlen sigurimi i automjetit?",
            "Do kada važi osiguranje vozila?",
            "Until when is the vehicle’s insurance valid?",
        ),
    ),
    "businesses": (
        Wording(
            "Në sa biznese jeni në regjistër si pronar ose përfaqësues?",
            "U koliko ste biznisa upisani kao vlasnik ili zastupnik?",
            "In how many businesses are you recorded as an owner or representative?",
        ),
    ),
    "registration": (
        Wording(
            "A jeni në regjistër si përfaqësues i biznesit?",
            "Da li ste upisani kao zastupnik biznisa?",
            "Are you recorded as one who may act for the business?",
        ),
    ),
    "business_tax.owed_cents": (
        Wording(
            "Sa borxh tatimor ka biznesi?", "Koliki je poreski dug biznisa?", "How much tax does the business owe?"
        ),
    ),
    "properties": (
        Wording(
            "Sa prona të paluajtshme janë të regjistruara në emrin tuaj?",
            "Koliko je nepokretnosti upisano na vaše ime?",
            "How many properties are registered in your name?",
        ),
    ),
    "properties.land_use": (Wording("Çfarë është prona?", "Šta je ta nepokretnost?", "What is the property?"),),
    "properties.share_percent": (
        Wording(
            "Sa për qind e pronës është juaja?",
            "Koliki deo nepokretnosti je vaš, u procentima?",
            "How much of the property is yours, in percent?",
        ),
    ),
    "property_tax": (
        Wording(
            "Sa fatura të tatimit në pronë keni?",
            "Koliko računa za porez na imovinu imate?",
            "How many property tax bills do you have?",
        ),
    ),
    "employment": (
        Wording(
            "Te sa punëdhënës keni punuar deri tani?",
            "Kod koliko ste poslodavaca do sada radili?",
            "For how many employers have you worked so far?",
        ),
    ),
    "jobseeker": (
        Wording(
            "A jeni në regjistër si punëkërkues?",
            "Da li ste upisani kao lice koje traži posao?",
            "Are you registered as seeking work?",
        ),
    ),
    "pensions": (Wording("Sa pensione merrni?", "Koliko penzija primate?", "How many pensions do you draw?"),),
    "insurance": (
        Wording("A keni sigurim shëndetësor?", "Da li imate zdravstveno osiguranje?", "Do you have health insurance?"),
        Wording(
            "A ka sigurim shëndetësor personi për të cilin është shërbimi?",
            "Da li zdravstveno osiguranje ima lice za koje je usluga?",
            "Does the person whom the service is for have health insurance?",
        ),
    ),
    "insurance.valid_until": (
        Wording(
            "Deri kur vlen sigurimi juaj shëndetësor?",
            "Do kada važi vaše zdravstveno osiguranje?",
            "Until when is your health insurance valid?",
        ),
        Wording(
            "Deri kur vlen sigurimi shëndetësor i personit për të cilin është shërbimi?",
            "Do kada važi zdravstveno osiguranje lica za koje je usluga?",
            "Until when is the health insurance valid of the person whom the service is for?",
        ),
    ),
    "convictions.convicted": (
        Wording(
            "A keni ndonjë dënim që mbahet në evidencën penale?",
            "Da li imate osudu koja se vodi u kaznenoj evidenciji?",
            "Do you have a conviction that stands on record?",
        ),
    ),
}

# What is answered by one of a few words that differ by whom they are said of; here they fit everyone.
OPTIONS: Mapping[str, Mapping[str, Wording]] = {
    "person.sex": {
        "female": Wording("femër", "ženski", "female"),
        "male": Wording("mashkull", "muški", "male"),
    },
    "person.marital_status": {
        "single": Wording("beqare / beqar", "neudata / neoženjen", "single"),
        "married": Wording("e martuar / i martuar", "udata / oženjen", "married"),
        "divorced": Wording("e divorcuar / i divorcuar", "razvedena / razveden", "divorced"),
        "widowed": Wording("e ve / i ve", "udovica / udovac", "widowed"),
    },
}
