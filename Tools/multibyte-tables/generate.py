"""Writes Sources/CMultibyte/Tables.c: the character sets of the East Asian codecs.

The sets are facts that any CPython 3.13 knows; this asks the one it runs on. Run it from the
package's folder: python3 Tools/multibyte-tables/generate.py
"""

HOLE = "\ufffd"


def decode(codec, data):
    """The text of a whole byte sequence that is one character, else None."""
    try:
        text = data.decode(codec)
    except UnicodeDecodeError:
        return None
    if len(text) > 1:
        try:
            if data[:1].decode(codec):
                return None
        except UnicodeDecodeError:
            pass
    return text


def two_bytes(codec, prefix=b""):
    table = {}
    for lead in range(0x80, 0x100):
        for trail in range(0x30, 0x100):
            text = decode(codec, prefix + bytes((lead, trail)))
            if text is not None and (prefix or decode(codec, bytes((lead,))) is None):
                table[lead, trail] = text
    return table


def quoted(text):
    return '"' + "".join("\\" + c if c in '"\\' else c for c in text) + '"'


def rows_of(table, first):
    rows = {}
    for lead in sorted({lead for lead, _ in table}):
        cells = [table.get((lead, trail), HOLE) for trail in range(first, 0x100)]
        # Combining pairs have a list of their own.
        text = "".join(c if len(c) == 1 else HOLE for c in cells).rstrip(HOLE)
        rows[lead] = text
    return rows


def shifted(euc, euc3=None):
    """A Shift JIS table made of the EUC one, as Sources/Modules/MultibyteModules does."""
    table = {}
    second = {0xF0: (0x21, 0x28), 0xF1: (0x23, 0x24), 0xF2: (0x25, 0x2C), 0xF3: (0x2D, 0x2E), 0xF4: (0x2F, 0x6E)}
    for lead in list(range(0x81, 0xA0)) + list(range(0xE0, 0xFD)):
        for trail in list(range(0x40, 0x7F)) + list(range(0x80, 0xFD)):
            half = (trail - 0x40 - (trail > 0x7F))
            if lead < 0xF0:
                row = 2 * (lead - (0x81 if lead < 0xA0 else 0xC1)) + 0x21 + (half >= 94)
                source = euc
            elif euc3 is None:
                continue
            else:
                if lead in second:
                    row = second[lead][half >= 94]
                else:
                    row = 0x6F + 2 * (lead - 0xF5) + (half >= 94)
                source = euc3
            cell = half % 94 + 0x21
            text = source.get((row | 0x80, cell | 0x80))
            if text is not None:
                table[lead, trail] = text
    return table


def filtered(table, leads, trails):
    return {k: v for k, v in table.items() if k[0] in leads and k[1] in trails}


def encoded(codec, text):
    try:
        return text.encode(codec)
    except UnicodeEncodeError:
        return None


def number(data):
    return int.from_bytes(data, "big")


def preferences(codec, tables):
    """Characters whose encoding is not the lowest sequence that decodes to them."""
    lowest = {}
    for prefix, table in tables:
        for key, text in table.items():
            value = number(prefix + bytes(key))
            if text not in lowest or value < lowest[text]:
                lowest[text] = value
    for byte in range(256):
        text = decode(codec, bytes((byte,)))
        if text is not None:
            lowest[text] = min(lowest.get(text, byte), byte)
    result = []
    for code in list(range(0xD800)) + list(range(0xE000, 0x30000)):
        data = encoded(codec, chr(code))
        if codec in ("euc_kr",) and data is not None and len(data) == 8:
            data = None
        if codec == "gb18030" and data is not None and len(data) == 4:
            data = None
        wanted = None if data is None else number(data)
        if wanted != lowest.get(chr(code)):
            result.append((code, 0 if wanted is None else wanted))
    return result


def main():
    out = []
    tables = {}
    full = {}

    def table(name, codec, data, first, base=None, inherited=None):
        rows = rows_of(data, first)
        known = rows_of(inherited, first) if inherited is not None else {}
        changed = {lead: rows.get(lead, "") for lead in sorted(set(rows) | set(known)) if rows.get(lead, "") != known.get(lead, "")}
        out.append(f"static const ApusMultibyteRow {name}_rows[] = {{")
        for lead, text in changed.items():
            out.append(f"  {{0x{lead:02X}, {quoted(text)}}},")
        out.append("  {0, 0},\n};\n")
        tables[name] = (base, first)
        full[name] = data

    euc = two_bytes("euc_jp")
    table("jisx0208", "euc_jp", euc, 0xA1)
    table("jisx0212", "euc_jp", two_bytes("euc_jp", b"\x8f"), 0xA1)
    table("jisx0213_1", "euc_jis_2004", two_bytes("euc_jis_2004"), 0xA1, "jisx0208", euc)
    table("jisx0213_2", "euc_jis_2004", two_bytes("euc_jis_2004", b"\x8f"), 0xA1)
    table("jisx0213_2000_1", "euc_jisx0213", two_bytes("euc_jisx0213"), 0xA1, "jisx0213_1", full["jisx0213_1"])
    table("jisx0213_2000_2", "euc_jisx0213", two_bytes("euc_jisx0213", b"\x8f"), 0xA1, "jisx0213_2", full["jisx0213_2"])
    table("shift_jis", "shift_jis", two_bytes("shift_jis"), 0x40, "shift:jisx0208", shifted(euc))
    table("cp932", "cp932", two_bytes("cp932"), 0x40, "shift_jis", full["shift_jis"])
    table("shift_jis_2004", "shift_jis_2004", two_bytes("shift_jis_2004"), 0x40, "shift:jisx0213_1+jisx0213_2", shifted(full["jisx0213_1"], full["jisx0213_2"]))
    table("shift_jisx0213", "shift_jisx0213", two_bytes("shift_jisx0213"), 0x40, "shift:jisx0213_2000_1+jisx0213_2000_2", shifted(full["jisx0213_2000_1"], full["jisx0213_2000_2"]))
    table("gbk", "gbk", two_bytes("gbk"), 0x40)
    table("gb2312", "gb2312", two_bytes("gb2312"), 0xA1, "gbk", filtered(full["gbk"], range(0xA1, 0xFF), range(0xA1, 0xFF)))
    table("gb18030", "gb18030", two_bytes("gb18030"), 0x40, "gbk", full["gbk"])
    table("cp949", "cp949", two_bytes("cp949"), 0x41)
    table("ksx1001", "euc_kr", two_bytes("euc_kr"), 0xA1, "cp949", filtered(full["cp949"], range(0xA1, 0xFF), range(0xA1, 0xFF)))
    table("johab", "johab", two_bytes("johab"), 0x31)
    table("big5", "big5", two_bytes("big5"), 0x40)
    table("cp950", "cp950", two_bytes("cp950"), 0x40, "big5", full["big5"])
    table("big5hkscs", "big5hkscs", two_bytes("big5hkscs"), 0x40, "big5", full["big5"])

    pairs = []
    for name in ("jisx0213_1", "big5hkscs", "shift_jis_2004"):
        for (lead, trail), text in sorted(full[name].items()):
            if len(text) == 2:
                pairs.append((name, lead << 8 | trail, ord(text[0]), ord(text[1])))
    for name, base in (("jisx0213_2000_1", "jisx0213_1"), ("shift_jisx0213", "shift_jis_2004")):
        assert {k for k, v in full[name].items() if len(v) == 2} == {k for k, v in full[base].items() if len(v) == 2}
    out.append("const ApusMultibytePair apus_multibyte_pairs[] = {")
    for name, code, first, second in pairs:
        out.append(f'  {{"{name}", 0x{code:04X}, 0x{first:04X}, 0x{second:04X}}},')
    out.append("  {0, 0, 0, 0},\n};\n")

    codecs = {
        "big5": [(b"", "big5")], "big5hkscs": [(b"", "big5hkscs")], "cp950": [(b"", "cp950")],
        "cp932": [(b"", "cp932")], "shift_jis": [(b"", "shift_jis")],
        "shift_jis_2004": [(b"", "shift_jis_2004")], "shift_jisx0213": [(b"", "shift_jisx0213")],
        "euc_jp": [(b"", "jisx0208"), (b"\x8f", "jisx0212")],
        "euc_jis_2004": [(b"", "jisx0213_1"), (b"\x8f", "jisx0213_2")],
        "euc_jisx0213": [(b"", "jisx0213_2000_1"), (b"\x8f", "jisx0213_2000_2")],
        "cp949": [(b"", "cp949")], "euc_kr": [(b"", "ksx1001")], "johab": [(b"", "johab")],
        "gb2312": [(b"", "gb2312")], "gbk": [(b"", "gbk")], "gb18030": [(b"", "gb18030")],
    }
    lists = []
    for codec, sources in codecs.items():
        found = preferences(codec, [(prefix, {k: v for k, v in full[name].items() if len(v) == 1}) for prefix, name in sources])
        if not found:
            continue
        lists.append(codec)
        out.append(f"static const ApusMultibytePreference {codec}_preferences[] = {{")
        for at in range(0, len(found), 4):
            out.append("  " + " ".join(f"{{0x{code:X}, 0x{value:X}}}," for code, value in found[at:at + 4]))
        out.append("  {0, 0},\n};\n")

    out.append("const ApusMultibyteTable apus_multibyte_tables[] = {")
    for name, (base, first) in tables.items():
        out.append(f'  {{"{name}", {quoted(base) if base else 0}, 0x{first:02X}, {name}_rows}},')
    out.append("  {0, 0, 0, 0},\n};\n")
    out.append("const ApusMultibytePreferences apus_multibyte_preferences[] = {")
    for codec in lists:
        out.append(f'  {{"{codec}", {codec}_preferences}},')
    out.append("  {0, 0},\n};\n")

    ranges = []
    for index in range(39420):
        rest, d = divmod(index, 10)
        rest, c = divmod(rest, 126)
        a, b = divmod(rest, 10)
        text = decode("gb18030", bytes((0x81 + a, 0x30 + b, 0x81 + c, 0x30 + d)))
        if text is None:
            continue
        code = ord(text)
        if ranges and ranges[-1][1] + 1 == code and ranges[-1][2] + code - ranges[-1][0] == index:
            ranges[-1][1] = code
        else:
            ranges.append([code, code, index])
    out.append("const ApusMultibyteRange apus_gb18030_ranges[] = {")
    for first, last, index in ranges:
        out.append(f"  {{0x{first:04X}, 0x{last:04X}, {index}}},")
    out.append("  {0, 0, 0},\n};")

    with open("Sources/CMultibyte/Tables.c", "w", encoding="utf-8") as file:
        file.write(
            "// Made by Tools/multibyte-tables/generate.py; do not edit. A row has the characters of a lead\n"
            "// byte from the table's first trail byte on; U+FFFD stands for none.\n"
            '#include "CMultibyte.h"\n\n' + "\n".join(out) + "\n")


main()
