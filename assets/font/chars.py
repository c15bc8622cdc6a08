"""Writes chars.txt: the characters the ticket font must have.

Wants 通用规范汉字表.txt beside it: one character a line, as `U+4E00<TAB>一`
(for example from github.com/kitty-panics/cn-tables).
"""

table = set()
for line in open("通用规范汉字表.txt", encoding="utf-8"):
    if "\t" in line:
        table.add(line.split("\t")[1].strip())
assert len(table) == 8105, len(table)

gb2312 = set()
for row in range(0xA1, 0xF8):
    for cell in range(0xA1, 0xFF):
        try:
            gb2312.add(bytes([row, cell]).decode("gb2312"))
        except UnicodeDecodeError:
            pass

more = set(map(chr, range(0x20, 0x7F))) | set(map(chr, range(0x2500, 0x2580)))
more |= set("￥¥·—–…‘’“”•©®°×÷€▁▂▃▄▅▆▇█▉▊▋▌▍▎▏▓▔▕▼▽◢◣◤◥☉⊕〒〝〞□■")
open("chars.txt", "w", encoding="utf-8").write("".join(sorted(table | gb2312 | more)))
