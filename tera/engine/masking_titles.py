"""The words before a name: how people are called, their titles, and the posts that they hold."""

# After these a name may be written small; the others are also words or letters of another sense.
CALLED = frozenset(
    """
    pak bu bapak ibu bpk mas mbak mba mbk bang abang kang kak kakak sdr sdri om tante
    """.split()  # noqa: SIM905
)
TITLES = frozenset(
    """
    saudara saudari h hj haji hajah hajjah tuan nyonya nona tn ny nn mr mrs ms miss dr drs dra ir prof
    ustadz ustad ustadzah bernama namanya teh koko cik bli gus uda pakde bude romo pastor pendeta
    """.split()  # noqa: SIM905
)
SHORTENED = frozenset(  # written with a dot
    "bpk sdr sdri h hj tn ny nn mr mrs ms dr drs dra ir prof mbk".split()  # noqa: SIM905
)
HONORIFICS = CALLED | TITLES
# Of people; a name with a capital may follow also without an honorific before them: "Petugas Andi".
POSTS = frozenset(
    """
    petugas pegawai staf staff satpam security kasir teller operator admin resepsionis dokter suster
    perawat bidan guru dosen ketua kepala wakil sekretaris bendahara direktur kasi kasie kasubsi kasubag
    kasubbag kabag kabid kadis kadiv kakanim kakanwil kalapas karutan kabapas kplp camat lurah kades
    bupati walikota gubernur menteri presiden rt rw hakim jaksa polisi polwan sipir penjaga nyai kiai
    kyai habib komandan danru briptu bripda bripka brigadir aiptu aipda ipda iptu akp kompol akbp serka
    serda sertu serma kopda praka letda lettu kapten mayor letkol kolonel jenderal
    """.split()  # noqa: SIM905
)
HEADS = frozenset("kepala ketua wakil kasi kasubsi staf staff".split())  # noqa: SIM905
# Of what they are the heads: "Kepala Seksi".
PARTS = frozenset(
    """
    kantor seksi subseksi bagian subbagian bidang divisi dinas desa dusun ruang loket lapas rutan bapas
    regu pelayanan keamanan tata usaha
    """.split()  # noqa: SIM905
)
