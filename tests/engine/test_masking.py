"""Comments as people write them, all invented: what tells of a person goes, what tells of service stays."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tera.engine.masking import KINDS, Piece, mask, words


def shown(text: str, *by_hand: int) -> str:
    """Return a comment as others read it, with the kind of what is masked in square brackets."""
    return "".join(f"[{piece.kind}]" if piece.is_masked else piece.text for piece in mask(text, by_hand))


@pytest.mark.parametrize(
    ("comment", "read"),
    [
        ("NIK saya 6101011234567890 salah ketik", "NIK saya [nik] salah ketik"),
        ("NIK 6101 0112 3456 7890 tidak terbaca", "NIK [nik] tidak terbaca"),
        ("nik:610101.123456.7890, tolong dicek", "nik:[nik], tolong dicek"),
        ("KTP6101-0112-3456-7890", "KTP[nik]"),
        ("Bayar Rp 50.000 6101 0112 3456 7890", "Bayar Rp 50.000 [nik]"),
        ("hubungi 081234567890", "hubungi [phone]"),
        ("WA 0812-3456-7890 atau 0812.3456.7890 ya", "WA [phone] atau [phone] ya"),
        ("WA +62 812 3456 7890, +62 (0)812 345 678", "WA [phone], [phone]"),
        ("62812345678 dan 62.812.345.678", "[phone] dan [phone]"),
        ("kantor (021) 555 0100, (0562) 391.234", "kantor [phone], [phone]"),
        ("bayar 50.000 0812 3456 7890", "bayar 50.000 [phone]"),
        ("transfer ke 1234567890 BRI", "transfer ke [digits] BRI"),
        ("rekening 0123-01-012345-50-1 milik dia", "rekening [phone] milik dia"),
        ("nomor berkas 123456 hilang", "nomor berkas [digits] hilang"),
        ("kirim ke budi.s@contoh.go.id.", "kirim ke [email]."),
        ("budi.id+kantor@contoh.com saja", "[email] saja"),
        ("lihat https://contoh.id/a?b=1, www.contoh.id dan wa.me/62812", "lihat [link], [link] dan [link]"),
        ("cek ig @budi_sambas.", "cek ig [handle]."),
        ("paspor A1234567, X 1234567 dan ab1234567", "paspor [passport], [passport] dan [passport]"),
        ("mobil KB 1234 AB, B1234K, kb 1234 ab", "mobil [plate], [plate], [plate]"),
        (
            "m-paspor.id eror",
            "[link] eror",
        ),  # an official site's too: a link to a form or a chat looks the same
        ("NIK 6171/0123/4567/8901, 6171,0123,4567,8901", "NIK [nik], [nik]"),
        ("NIK: 6171, 0123, 4567, 8901", "NIK: [nik]"),
        ("WA 0812/3456/7890, 0812,3456,7890", "WA [phone], [phone]"),
        ("0812:3456:7890 atau 0812*3456*7890 atau 0812~3456~7890", "[phone] atau [phone] atau [phone]"),
        ("loket 3 0812/3456/7890, 0561 / 736 123", "loket 3 [phone], [phone]"),
        ("0812....3456 dan 0812 - - 3456 - - 7890", "[phone] dan [phone]"),
        ("Rp 50.000/0812/3456/7890", "Rp 50.000/[phone]"),
        ("Rp 81234567890, 812345678 rupiah", "Rp [phone], [phone] rupiah"),
    ],
)
def test_numbers_and_addresses_go(comment: str, read: str) -> None:
    assert shown(comment) == read


@pytest.mark.parametrize(
    ("comment", "read"),
    [
        ("Pak Budi di loket 3 ramah", "Pak [name] di loket 3 ramah"),
        ("pak budi sangat membantu", "pak [name] sangat membantu"),
        ("mbak rina senyum, kak dimas judes", "mbak [name] senyum, kak [name] judes"),
        ("PAK BUDI SANGAT BAIK", "PAK [name] SANGAT BAIK"),
        ("Bapak H. Ahmad Yani bin Umar", "Bapak H. [name]"),
        ("Ibu Hj. Siti Nur Aisyah yang melayani", "Ibu Hj. [name] yang melayani"),
        ("Sdr. M. Yusuf dan Sdri. Dewi", "Sdr. [name] dan Sdri. [name]"),
        ("Bpk.Joko dan Pak.Eko", "Bpk.[name] dan Pak.[name]"),
        ("Bapak/Ibu Rahmawati", "Bapak/Ibu [name]"),
        ("Mr. Smith dan Mrs. O’Hara-Jones", "Mr. [name] dan Mrs. [name]"),
        ("pegawai bernama Rudi Hartono minta uang", "pegawai bernama [name] minta uang"),
        ("dr. Ani, Ibu Dr. Rina, Muh. di depan", "dr. [name], Ibu Dr. [name], Muh. di depan"),
        ("Pak Moh. Ali Akbar Hidayat", "Pak [name] Hidayat"),  # three words; a person masks the rest
        ("Terima kasih Pak Eko. Pelayanan cepat", "Terima kasih Pak [name]. Pelayanan cepat"),
        ("bu sri minta Rp 200.000", "bu [name] minta Rp 200.000"),
        ("pak ahmad dahlan marah, bu ani bekerja cepat", "pak [name] marah, bu [name] bekerja cepat"),
        ("pak budi orangnya sabar, pak eko menghampiri", "pak [name] orangnya sabar, pak [name] menghampiri"),
        ("pak haji mahmud dan bu hj siti", "pak haji [name] dan bu hj [name]"),
        ("Kang Asep, Teh Rina, mbk rina, Om Jaya", "Kang [name], Teh [name], mbk [name], Om [name]"),
        ("ibu2 Rini dan kawan-kawan", "ibu2 [name] dan kawan-kawan"),
        ('Pak (Budi), Bu "Ani", Pak: Eko', 'Pak ([name]), Bu "[name]", Pak: [name]'),
        ("a.n. Budi, an. Ani Lestari, atas nama Eko", "a.n. [name], an. [name], atas nama [name]"),
        ("transfer a/n Budi Santoso", "transfer a/n [name]"),
    ],
)
def test_names_after_an_honorific_go(comment: str, read: str) -> None:
    assert shown(comment) == read


@pytest.mark.parametrize(
    ("comment", "read"),
    [
        ("Pak Kasi Hendra", "Pak Kasi [name]"),
        ("Bu Lurah Wati dan Pak Camat Rudi", "Bu Lurah [name] dan Pak Camat [name]"),
        ("Ibu Kepala Seksi Rina Marlina", "Ibu Kepala Seksi [name]"),
        ("Bapak Kepala Kantor Suherman", "Bapak Kepala Kantor [name]"),
        ("Pak Satpam Joko, PAK SATPAM JOKO", "Pak Satpam [name], PAK SATPAM [name]"),
        ("Petugas Andi Saputra di loket 2", "Petugas [name] di loket 2"),
        ("dokter Maya, Briptu Andi", "dokter [name], Briptu [name]"),
        ("Pak Lukman Hakim", "Pak [name]"),
    ],
)
def test_names_after_a_post_go(comment: str, read: str) -> None:
    assert shown(comment) == read


@pytest.mark.parametrize(
    "comment",
    [
        "terima kasih pak",
        "Terima kasih pak. Mantap sekali",
        "Terima kasih Bapak dan Ibu, Bapak/Ibu petugas ramah",
        "makasih ya bu, ibu hamil didahulukan",
        "bapak-bapak merokok di ruang tunggu, ibu-ibu antre",
        "ibu saya lansia, ibu menyusui ada ruangnya",
        "Pak Satpam dan Ibu Kepala Kantor baik",
        "pak yg di loket krg sopan, pak tdk ada antrian",
        "TERIMA KASIH PAK SUDAH DIBANTU",
        "pak tolong dipercepat, bu mohon diperbaiki, kak kenapa lama",
        "petugas minta Rp 50.000 supaya cepat",
        "diminta 350.000, lalu 1.500.000,- tanpa kuitansi",
        "minta 500000 atau Rp1500000, Rp. 2 juta, 150000 rupiah, 250rb, 1,5jt",
        "antara 50.000-100.000 per orang, MINTA DP 500 RB",
        "materai @10.000 dua lembar, map 2@5.000",
        "pak wifi lemot, bu kursinya kurang, blok H Kamar 3",
        "buka 08.00-16.00, istirahat 12.00 - 13.00",
        "jadwal 08.00-12.00 13.00-16.00 dan 08:00-16:00",
        "sejak 2019-2020 sampai tahun 2026 menunggu 2 jam di loket 3",
        "tanggal 12-08-2020, 12.08.2020, 12/08/2020 dan 2020-08-12",
        "12/08/2020 - 13/08/2020, 12-08-2020 13-08-2020, 2024/2025, 2025/2026",
        "jam 08:00-12:00, 13:00-16:00, lalu 18:30 19:30 20:30 21:30",
        "bayar 325500, biaya 75500, minta 150000, 200000, 5000",
        "Rp 1.500.000,00, antara 150.000,00 - 250.000,00, Rp 500000, Rp 325500",
        "skor 4 4 4 4 4 4 4 4, nilai 4,4,3,4,4,3,4,4,4, lantai 1-2-3-4-5-6-7-8",
        "antrian 001, 002, 003, 004, loket 1,2,3,4,5,6,7,8, nilai 62,5, 70,2, 80,1",
        "UU 25/2009, 14/2008, skor 4/5, 3/5",
        "ibu kandung saya, bang maaf telat, pak hakim ramah, bu nyai datang, mas kawin",
        "pak satpam merokok di pintu, ibu2 antri, bapak2 tolong tertib",
        "PETUGAS SANGAT BAIK, Petugas Ramah Dan Sopan, Petugas Loket Lambat, Satpam Kurang Ramah",
        "Ibu Kepala Kantor Imigrasi, Dokter Gigi, Direktur Jenderal Imigrasi, teh manis, uda lama nunggu",
        "ibu: tolong AC, Pak (petugas loket) marah, atas nama kantor",
        "nilai 3.75 naik jadi 3.80, 100%",
        "dll.petugas kurang.tapi baik",
        "",
    ],
)
def test_what_tells_of_the_service_stays(comment: str) -> None:
    assert shown(comment) == comment


def test_a_person_masks_further_words_by_their_place() -> None:
    comment = "Namanya  joko, rumahnya di Jalan Mawar 3"
    assert words(comment) == ("Namanya", "joko,", "rumahnya", "di", "Jalan", "Mawar", "3")
    assert shown(comment, 1, 5) == "Namanya  [by-hand] rumahnya di Jalan [by-hand] 3"


def test_every_word_can_be_clicked_even_one_that_a_mask_cuts_through() -> None:
    comment = "telp:081234567890 Pak Budi Santoso, ya"
    assert mask(comment) == (
        Piece("telp:", "", 0),
        Piece("081234567890", "phone", 0),
        Piece(" Pak ", "", 1),
        Piece("Budi Santoso", "name", 2),
        Piece(", ya", "", 3),
    )
    assert mask(comment)[3].words == ((2, "Budi"), (3, "Santoso"))
    assert mask(comment)[4].words == ((3, ","), (4, "ya"))
    assert shown(comment, 0, 2, 4) == "[by-hand][phone] Pak [name], [by-hand]"


def test_a_word_that_is_not_there_cannot_be_masked() -> None:
    with pytest.raises(ValueError, match="no word 2; the comment has 2 words, counted from 0"):
        mask("terima kasih", [2])
    with pytest.raises(ValueError, match="no word -1"):
        mask("terima kasih", [-1])


@pytest.mark.parametrize(
    ("comment", "kinds"),
    [
        ("a" * 1000, {""}),
        ("a." * 500, {""}),
        ("a@" * 500, {"", "email"}),
        ("@" * 1000, {""}),
        ("www." * 250, {"", "link"}),
        ("1" * 1000, {"digits"}),
        ("1 " * 500, {"", "digits"}),
        ("1.000." * 166, {"", "digits"}),
        ("08.00-" * 166, {""}),
        ("(+" * 500, {""}),
        ("pak " * 250, {""}),
        ("Pak Budi " * 111, {"", "name"}),
        ("pak" + " " * 994 + "Edi", {"", "name"}),
        ("M. " * 333, {""}),
        ("a-" * 500, {""}),
        ("KB 1" * 250, {"", "plate"}),
        ("0812/" * 200, {""}),
        ("1, " * 333, {"", "digits", "phone"}),
        ("12/08/2020, " * 83, {""}),
        ("0812......" * 100, {"", "digits"}),
        ("Pak Kepala Seksi " * 58, {""}),
        ("atas nama " * 100, {""}),
        ("pak" + " " * 994 + "(,", {""}),
    ],
)
def test_a_comment_made_to_keep_the_patterns_busy_is_answered_all_the_same(
    comment: str, kinds: set[str]
) -> None:
    pieces = mask(comment)
    assert "".join(piece.text for piece in pieces) == comment
    assert {piece.kind for piece in pieces} <= kinds


TYPED = st.text(st.sampled_from("aB1 0.-+@(,\n:/Rp") | st.characters(codec="utf-8"), max_size=80)
COMMENTS = TYPED | st.lists(st.sampled_from(["Pak", "Budi", "ibu", "0812", "Rp", "5.000", "@x1"])).map(
    " ".join
)


@given(COMMENTS, st.data())
def test_pieces_add_up_to_the_comment_and_its_words(comment: str, data: st.DataObject) -> None:
    every = words(comment)
    by_hand = data.draw(st.sets(st.integers(0, len(every) - 1))) if every else set()
    pieces = mask(comment, by_hand)
    assert "".join(piece.text for piece in pieces) == comment
    assert {piece.kind for piece in pieces} <= {"", *KINDS}
    parts = [part for piece in pieces for part in piece.words]
    for index, word in enumerate(every):
        assert "".join(part for place, part in parts if place == index) == word
    plain = {index for piece in pieces if not piece.is_masked for index, _ in piece.words}
    assert not plain & by_hand


@given(TYPED, st.from_regex(r"[0-9]{16}", fullmatch=True), TYPED)
def test_no_number_of_sixteen_digits_survives(before: str, nik: str, behind: str) -> None:
    start, place = len(before), 0
    for piece in mask(before + nik + behind):
        end = place + len(piece.text)
        assert piece.is_masked or end <= start or place >= start + len(nik)
        place = end


@given(
    st.from_regex(r"[0-9]{16}", fullmatch=True),
    st.sets(st.integers(1, 15)),
    st.sampled_from(
        [" ", ".", "-", " - ", "\u00a0", "\u200b", "/", ",", ":", "*", "~", " / ", "....", " - - "]
    ),
)
def test_nor_does_one_that_is_written_in_groups(nik: str, cuts: set[int], between: str) -> None:
    written = "".join(f"{between if place in cuts else ''}{digit}" for place, digit in enumerate(nik))
    assert shown(f"NIK saya {written} ya") == "NIK saya [nik] ya"
