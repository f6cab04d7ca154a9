"""What columns are called, in many languages; compared without case, accents and punctuation."""

from .signs import fold, word_of

FIELDS = ("email", "first_name", "last_name", "name", "company", "phone", "country", "notes")
LABELS = {
    "email": "E-mail", "first_name": "First name", "last_name": "Last name", "name": "Whole name",
    "company": "Company", "phone": "Phone", "country": "Country", "notes": "Notes",
    "middle": "Middle name", "infix": "Particle (van, de, von)",
}  # fmt: skip
MEANINGS = tuple(LABELS)
UNUSED = ""

# language -> meaning -> words. "name" is what may be the whole name, or the part of it that no
# other column holds: "Nom" beside "Prénom" is the family name.
_WORDS: dict[str, dict[str, str]] = {
    "en": {
        "email": "email|e-mail|mail|e-mail address|email address|mail address|emailaddress|"
        "email addresses|e-mails|emails|e-mail id|email id|smtp address|primary smtp address|"
        "user principal name|login email|address",
        "first_name": "first name|firstname|given name|forename|fname|first|given names|"
        "christian name|preferred name",
        "last_name": "last name|lastname|surname|family name|lname|last|second name|familyname",
        "name": "name|full name|fullname|display name|displayname|person|attendee|participant|"
        "contact|invitee|guest|registrant|attendee name|participant name|contact name|names|"
        "name original name|user name|username|nickname",
        "middle": "middle name|middlename|additional name|middle|middle initial",
        "infix": "infix|prefix of surname|name prefix particle|particle",
        "company": "company|organisation|organization|employer|company name|organization name|"
        "organisation name|institution|firm|account name|business|affiliation|organization 1 name",
        "phone": "phone|telephone|phone number|mobile|mobile phone|cell|cell phone|tel|"
        "telephone number|mobile number|business phone|home phone|phones|contact number",
        "country": "country|country code|country region|country/region|nation|nationality",
        "notes": "notes|note|comment|comments|remark|remarks|description",
    },
    "de": {
        "email": "E-Mail-Adresse|Mailadresse|Emailadresse|Mailadr|E-Mail Adresse|Mail-Adresse|"
        "E-Post|E-Mails|elektronische Adresse",
        "first_name": "Vorname|Rufname|Vornamen",
        "last_name": "Nachname|Familienname|Zuname",
        "name": "vollständiger Name|Teilnehmer|Teilnehmerin|Teilnehmer/in|Teilnehmende|Ansprechpartner|"
        "Kontakt|Anzeigename|Vor- und Nachname|Name, Vorname|Vorname Nachname|Gast|"
        "Vorname und Nachname|Name Vorname|Ansprechperson",
        "infix": "Namenszusatz|Namensvorsatz|Vorsatzwort|Namenspräfix",
        "middle": "zweiter Vorname|weitere Vornamen",
        "company": "Firma|Unternehmen|Organisation|Firmenname|Institution|Betrieb|Arbeitgeber|"
        "Einrichtung",
        "phone": "Telefon|Telefonnummer|Handy|Mobil|Handynummer|Rufnummer|Mobiltelefon|Tel.|"
        "Mobilnummer|Telefon geschäftlich|Telefon privat",
        "country": "Land|Länderkennzeichen|Staat|Ländercode",
        "notes": "Notiz|Notizen|Bemerkung|Bemerkungen|Kommentar|Anmerkung|Anmerkungen",
    },
    "nl": {
        "email": "e-mailadres|emailadres|mailadres|e-mail adres|email adres",
        "first_name": "voornaam|roepnaam|voornamen",
        "last_name": "achternaam|familienaam",
        "name": "naam|volledige naam|deelnemer|contactpersoon|weergavenaam|genodigde",
        "infix": "tussenvoegsel|tussenvoegsels|voorvoegsel|tussenv|tv",
        "company": "bedrijf|bedrijfsnaam|organisatie|werkgever|instelling",
        "phone": "telefoon|telefoonnummer|mobiel|mobiele telefoon|gsm|mobiel nummer",
        "country": "land|landcode", "notes": "opmerking|opmerkingen|notitie|notities|toelichting",
    },
    "fr": {
        "email": "courriel|adresse e-mail|adresse mail|adresse électronique|adresse email|mél|"
        "adresse de messagerie|adresse courriel|adresse de courriel|e-mail professionnel",
        "first_name": "prénom|prénoms",
        "last_name": "nom de famille|nom de naissance|nom d'usage|patronyme",
        "name": "nom|nom complet|nom et prénom|prénom et nom|participant(e)|participante|invité|"
        "nom prénom|prénom nom|noms",
        "middle": "deuxième prénom|second prénom", "infix": "particule",
        "company": "société|entreprise|organisme|raison sociale|établissement|employeur|structure",
        "phone": "téléphone|numéro de téléphone|portable|tél|téléphone portable|"
        "téléphone mobile|numéro de portable",
        "country": "pays|code pays", "notes": "remarque|remarques|commentaire|commentaires|"
        "observations",
    },
    "es": {
        "email": "correo|correo electrónico|dirección de correo|dirección de correo electrónico|"
        "e-correo|dirección electrónica|correos",
        "first_name": "primer nombre|nombre de pila|nombres",
        "last_name": "apellido|apellidos|primer apellido",
        "name": "nombre|nombre completo|nombre y apellidos|nombre y apellido|apellidos y nombre|"
        "asistente|invitado|contacto",
        "middle": "segundo nombre",
        "company": "empresa|compañía|organización|institución|entidad",
        "phone": "teléfono|móvil|número de teléfono|celular|teléfono móvil",
        "country": "país|código de país", "notes": "notas|nota|comentario|comentarios|observaciones",
    },
    "it": {
        "email": "indirizzo e-mail|indirizzo email|posta elettronica|indirizzo di posta elettronica|"
        "indirizzo mail",
        "first_name": "nome di battesimo", "last_name": "cognome",
        "name": "nome|nome completo|nome e cognome|cognome e nome|nominativo|partecipante|invitato|"
        "referente",
        "middle": "secondo nome",
        "company": "azienda|società|ditta|organizzazione|ente|ragione sociale|impresa",
        "phone": "telefono|cellulare|numero di telefono|recapito telefonico|telefono cellulare",
        "country": "paese|nazione|stato", "notes": "note|osservazioni|commenti|commento",
    },
    "pl": {
        "email": "adres e-mail|adres email|poczta|adres poczty elektronicznej|poczta elektroniczna|"
        "adres mailowy|mejl",
        "first_name": "imię|imie|pierwsze imię|imiona", "last_name": "nazwisko",
        "name": "imię i nazwisko|nazwisko i imię|uczestnik|nazwa wyświetlana|osoba|gość|"
        "pełne imię i nazwisko",
        "middle": "drugie imię",
        "company": "przedsiębiorstwo|organizacja|nazwa firmy|instytucja|spółka",
        "phone": "numer telefonu|telefon komórkowy|telefon|komórka|nr telefonu",
        "country": "kraj|państwo|kod kraju", "notes": "uwagi|notatka|notatki|komentarz",
    },
    "ru": {
        "email": "электронная почта|эл. почта|почта|адрес электронной почты|имейл|емейл|эл. адрес|"
        "e-mail адрес|адрес эл. почты",
        "first_name": "", "last_name": "фамилия",
        "name": "имя|фио|ф.и.о.|полное имя|имя и фамилия|фамилия и имя|участник|контакт|"
        "фамилия, имя|фамилия имя отчество|гость",
        "middle": "отчество",
        "company": "компания|организация|фирма|предприятие|место работы|учреждение",
        "phone": "телефон|номер телефона|мобильный|мобильный телефон|тел.|моб. телефон",
        "country": "страна|код страны", "notes": "примечание|примечания|комментарий|заметки",
    },
    "uk": {
        "email": "електронна пошта|ел. пошта|пошта|адреса електронної пошти|електронна адреса",
        "first_name": "", "last_name": "прізвище",
        "name": "ім'я|імя|піб|повне ім'я|учасник|ім'я та прізвище", "middle": "по батькові",
        "company": "компанія|організація|установа|підприємство",
        "phone": "номер телефону|мобільний|мобільний телефон", "country": "країна",
        "notes": "примітка|примітки|коментар",
    },
    "cs": {
        "email": "e-mailová adresa|emailová adresa|elektronická adresa|e-mailové adresy",
        "first_name": "křestní jméno", "last_name": "příjmení",
        "name": "jméno|celé jméno|jméno a příjmení|příjmení a jméno|účastník|host",
        "company": "společnost|podnik|zaměstnavatel|název firmy|instituce",
        "phone": "telefonní číslo|mobilní telefon", "country": "země|stát",
        "notes": "poznámka|poznámky|komentář",
    },
    "sk": {
        "email": "e-mailová adresa|emailová adresa", "first_name": "krstné meno",
        "last_name": "priezvisko", "name": "meno|celé meno|meno a priezvisko|účastník",
        "company": "spoločnosť|názov firmy|organizácia", "phone": "telefónne číslo|telefón",
        "country": "krajina|štát", "notes": "poznámka|poznámky",
    },
    "sv": {
        "email": "e-post|e-postadress|epost|epostadress|mejl|mejladress|mailadress",
        "first_name": "förnamn|tilltalsnamn", "last_name": "efternamn|släktnamn",
        "name": "namn|fullständigt namn|för- och efternamn|deltagare|kontaktperson|inbjuden",
        "middle": "mellannamn",
        "company": "företag|företagsnamn|bolag|arbetsgivare",
        "phone": "telefonnummer|mobilnummer|mobiltelefon", "country": "landskod",
        "notes": "anteckning|anteckningar|kommentarer|anmärkning",
    },
    "da": {
        "email": "e-mailadresse|mailadresse|e-mail-adresse", "first_name": "fornavn",
        "last_name": "efternavn", "name": "navn|fulde navn|deltager|fuldt navn",
        "middle": "mellemnavn", "company": "virksomhed|firmanavn|arbejdsgiver",
        "phone": "telefonnummer|mobiltelefon", "country": "landekode",
        "notes": "bemærkning|bemærkninger|noter",
    },
    "no": {
        "email": "e-postadresse|epostadresse", "first_name": "fornavn", "last_name": "etternavn",
        "name": "navn|fullt navn|deltaker|kontaktperson", "middle": "mellomnavn",
        "company": "bedrift|selskap|organisasjon|arbeidsgiver|bedriftsnavn",
        "phone": "telefonnummer|mobiltelefon|mobilnummer", "country": "landkode",
        "notes": "merknad|merknader|notater|kommentar",
    },
    "fi": {
        "email": "sähköposti|sähköpostiosoite", "first_name": "etunimi", "last_name": "sukunimi",
        "name": "nimi|koko nimi|osallistuja", "company": "yritys|organisaatio|työnantaja",
        "phone": "puhelin|puhelinnumero|matkapuhelin", "country": "maa",
        "notes": "muistiinpanot|huomautus|huomautukset|kommentti",
    },
    "pt": {
        "email": "endereço de e-mail|endereço de email|correio eletrónico|correio eletrônico|"
        "endereço eletrónico",
        "first_name": "primeiro nome|nome próprio", "last_name": "sobrenome|apelido|último nome",
        "name": "nome completo|nome e apelido|participante|convidado|contato|contacto",
        "company": "companhia|organização|instituição|entidade",
        "phone": "telefone|celular|telemóvel|número de telefone", "country": "código do país",
        "notes": "observação|observações|comentário|comentários",
    },
    "tr": {
        "email": "e-posta|eposta|e-posta adresi|eposta adresi|e-mail adresi|mail adresi",
        "first_name": "", "last_name": "soyadı|soyad|soyisim",
        "name": "ad|adı|isim|ad soyad|adı soyadı|ad-soyad|isim soyisim|katılımcı|tam ad",
        "company": "şirket|firma|kurum|kuruluş|şirket adı|firma adı",
        "phone": "telefon numarası|cep telefonu|cep", "country": "ülke", "notes": "notlar|not|açıklama",
    },
    "hu": {
        "email": "e-mail cím|email cím|e-mail-cím|villámposta", "first_name": "keresztnév|utónév",
        "last_name": "vezetéknév|családnév", "name": "név|teljes név|résztvevő",
        "company": "cég|cégnév|vállalat|szervezet|munkahely", "phone": "telefonszám|mobil",
        "country": "ország", "notes": "megjegyzés|megjegyzések",
    },
    "ro": {
        "email": "adresă de e-mail|adresa de e-mail|adresă e-mail|adresa de email",
        "first_name": "prenume", "last_name": "nume de familie",
        "name": "nume|nume complet|nume și prenume|participant", "company": "companie|organizație",
        "phone": "număr de telefon|telefon mobil", "country": "țară|țara",
        "notes": "observații|comentarii|mențiuni",
    },
    "hr": {
        "email": "adresa e-pošte|e-pošta|e-mail adresa|elektronička pošta|imejl",
        "first_name": "", "last_name": "prezime", "name": "ime|ime i prezime|puno ime|sudionik|"
        "učesnik|udeleženec|priimek in ime|ime in priimek",
        "company": "tvrtka|poduzeće|preduzeće|organizacija|podjetje|kompanija",
        "phone": "broj telefona|mobitel|telefonska številka", "country": "država|zemlja",
        "notes": "napomena|bilješka|opomba|opombe",
    },
    "sl": {"email": "e-naslov|e-poštni naslov|elektronski naslov", "last_name": "priimek"},
    "el": {
        "email": "ηλεκτρονικό ταχυδρομείο|ηλεκτρονική διεύθυνση|διεύθυνση email|"
        "διεύθυνση ηλεκτρονικού ταχυδρομείου|διεύθυνση e-mail",
        "first_name": "", "last_name": "επώνυμο|επίθετο",
        "name": "όνομα|ονοματεπώνυμο|πλήρες όνομα|συμμετέχων", "company": "εταιρεία|εταιρία|οργανισμός",
        "phone": "τηλέφωνο|κινητό|αριθμός τηλεφώνου", "country": "χώρα",
        "notes": "σημειώσεις|σχόλια|παρατηρήσεις",
    },
    "bg": {"email": "имейл адрес|електронна поща|е-поща", "name": "име|име и фамилия|участник",
           "company": "фирма|компания|организация", "phone": "телефон|телефонен номер",
           "country": "държава", "notes": "бележки|забележка"},
    "lt": {"email": "el. paštas|el. pašto adresas|elektroninis paštas", "name": "vardas|"
           "vardas ir pavardė|vardas, pavardė", "last_name": "pavardė", "company": "įmonė|organizacija",
           "phone": "telefonas|telefono numeris", "country": "šalis", "notes": "pastabos"},
    "lv": {"email": "e-pasts|e-pasta adrese", "name": "vārds|vārds, uzvārds|vārds un uzvārds",
           "last_name": "uzvārds", "company": "uzņēmums|organizācija", "phone": "tālrunis",
           "country": "valsts", "notes": "piezīmes"},
    "et": {"email": "e-posti aadress|meiliaadress", "first_name": "eesnimi",
           "last_name": "perekonnanimi|perenimi", "company": "ettevõte|asutus",
           "phone": "telefoninumber", "country": "riik", "notes": "märkused"},
    "ja": {"email": "メールアドレス|メール|eメール|電子メール", "first_name": "名|名前(名)",
           "last_name": "姓|苗字|名字", "name": "氏名|名前|お名前|参加者", "company": "会社|会社名|所属",
           "phone": "電話|電話番号|携帯電話", "country": "国", "notes": "備考|メモ"},
    "zh": {"email": "邮箱|电子邮件|电子邮箱|邮件地址|電子郵件|電郵|信箱", "first_name": "名字",
           "last_name": "姓氏", "name": "姓名|全名", "company": "公司|单位|公司名称|單位",
           "phone": "手机|电话|手机号|电话号码|電話|手機", "country": "国家|國家", "notes": "备注|備註"},
    "ko": {"email": "이메일|이메일 주소|전자우편", "first_name": "이름(명)", "last_name": "성",
           "name": "이름|성명|성함|참가자", "company": "회사|소속|회사명",
           "phone": "전화|전화번호|휴대폰", "country": "국가", "notes": "비고|메모"},
    "ar": {"email": "البريد الإلكتروني|بريد إلكتروني|الإيميل|البريد", "first_name": "الاسم الأول",
           "last_name": "اسم العائلة|الكنية|اللقب", "name": "الاسم|الاسم الكامل",
           "company": "الشركة|المؤسسة|جهة العمل", "phone": "الهاتف|رقم الهاتف|الجوال",
           "country": "البلد|الدولة", "notes": "ملاحظات"},
    "he": {"email": "דוא״ל|דואל|אימייל|מייל|כתובת דוא״ל|דואר אלקטרוני", "first_name": "שם פרטי",
           "last_name": "שם משפחה", "name": "שם|שם מלא|משתתף", "company": "חברה|ארגון",
           "phone": "טלפון|נייד|מספר טלפון", "country": "מדינה|ארץ", "notes": "הערות"},
}  # fmt: skip
# What says which of several, not what: "Work e-mail", "E-mail 1 - Value", "Attendee's e-mail".
_WHICH = frozenset(
    "1 2 3 4 5 primary main work business private home personal office value other second secondary "
    "alternate alternative attendee attendees participant participants contact user your guest "
    "registrant invitee customer client member required optional geschäftlich privat dienstlich "
    "private beruflich haupt professionnel personnel zakelijk prive służbowy prywatny lavoro "
    "the of s".split()
)
# A label beside a value, a salutation, the time of a registration: no one's name.
_NEVER = frozenset("label labels type typ opt in status state time date".split())
# A group or a person may be called so too: in a list such a word alone is not passed over.
_MAYBE_A_GROUP = frozenset(
    word_of(word)
    for word in "attendee participant contact person invitee guest registrant business firm tel "
    "organisation organization institution Teilnehmer Teilnehmerin Teilnehmende Ansprechpartner Gast "
    "Kontakt Firma Unternehmen deelnemer genodigde participante invité contacto invitado asistente "
    "uczestnik gość osoba участник гость контакт address first last".split()
)

_MEANING: dict[str, str] = {}
LANGUAGES: dict[str, set[str]] = {}
for _language, _meanings in _WORDS.items():
    for _meaning, _words in _meanings.items():
        for _word in filter(None, map(word_of, _words.split("|"))):
            _MEANING.setdefault(_word, _meaning)
            LANGUAGES.setdefault(_word, set()).add(_language)


def meaning_of(heading: str) -> str:
    """What a column under this heading holds; empty where that is not known."""
    if len(heading) > 80:
        return UNUSED
    if found := _MEANING.get(word_of(heading)):
        return found
    tokens = "".join(c if c.isalnum() else " " for c in fold(heading)).split()
    kept = [token for token in tokens if token not in _WHICH]
    if len(kept) == len(tokens) or _NEVER & set(tokens):
        return UNUSED
    return _MEANING.get("".join(kept), UNUSED)


def is_label(text: str) -> bool:
    """Whether the text is a heading and can hardly be anything else."""
    word = word_of(text) if len(text) <= 80 else ""
    return word in _MEANING and word not in _MAYBE_A_GROUP
