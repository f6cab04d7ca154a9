"""XLSX files as small as they can be, made by hand so that they can be wrong on purpose."""

import io
import zipfile

MAIN = "http://schemas.openxmlformats.org"
SHEET = f'<worksheet xmlns="{MAIN}/spreadsheetml/2006/main"><sheetData>{{}}</sheetData></worksheet>'


def relations(*targets):
    """The file of an XLSX that names others: (kind, target) with the ids r1, r2 and so on."""
    lines = "".join(
        f'<Relationship Id="r{n}" '
        f'Type="{MAIN}/officeDocument/2006/relationships/{kind}" Target="{target}"/>'
        for n, (kind, target) in enumerate(targets, start=1)
    )
    return f'<Relationships xmlns="{MAIN}/package/2006/relationships">{lines}</Relationships>'


def xlsx(*sheets, states=(), **files):
    """A workbook of sheets that are given as rows of XML; `files` go into it as they are."""
    sheets = sheets or ("",)
    listed = "".join(
        f'<sheet name="Sheet {n}" sheetId="{n}" r:id="r{n}"'
        + (f' state="{states[n - 1]}"/>' if n <= len(states) and states[n - 1] else "/>")
        for n in range(1, len(sheets) + 1)
    )
    parts = {
        "[Content_Types].xml": (
            f'<Types xmlns="{MAIN}/package/2006/content-types">'
            '<Default Extension="xml" ContentType="application/xml"/></Types>'
        ),
        "_rels/.rels": relations(("officeDocument", "xl/workbook.xml")),
        "xl/workbook.xml": (
            f'<workbook xmlns="{MAIN}/spreadsheetml/2006/main" '
            f'xmlns:r="{MAIN}/officeDocument/2006/relationships"><sheets>{listed}</sheets></workbook>'
        ),
        "xl/_rels/workbook.xml.rels": relations(
            *(("worksheet", f"worksheets/sheet{n}.xml") for n in range(1, len(sheets) + 1)),
            ("sharedStrings", "sharedStrings.xml"),
        ),
        **{
            f"xl/worksheets/sheet{n}.xml": SHEET.format(rows)
            for n, rows in enumerate(sheets, start=1)
        },
    } | files
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in parts.items():
            archive.writestr(name, text)
    return target.getvalue()


def row(number, *texts, attributes=""):
    """A row of cells with text, from column A."""
    cells = "".join(
        f'<c r="{chr(65 + n)}{number}" t="inlineStr"><is><t>{text}</t></is></c>'
        for n, text in enumerate(texts)
    )
    return f'<row r="{number}" {attributes}>{cells}</row>'
