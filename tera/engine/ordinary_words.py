"""Indonesian words that often follow "Pak" or "Ibu" and are no names, as stems; what is missing is masked.

Too few words here mask a word too many, too many would show a name: words that are also names ("indah",
"bagus", "putri") are left out on purpose.
"""

STEMS = frozenset(
    """
    ada adalah admin agak agar aja ajudan akan akhirnya aku alamat alat amat anak and anda anggota antre
    antrean antri antrian apa apakah apalagi aplikasi arah are asal asli asuransi atas atasan atau awal
    baca bagaimana bagi bagian bahkan bahwa baik balas balik banget bangku bantu banyak baru bawa bawah
    bayar bekas belakang belom belum benar berapa berbelit berdiri beri berikan bersama bersih bersikap
    bertugas besar beserta besok betul biar biasa biaya bicara bidan bilang biro bisa blok boleh bos buang
    buat buka bukan buruan buruk butuh cakap camat cantik capek cara cek cepat cerita ceritakan cetak coba
    cuek cukup cuma curang dalam dan dapat dari datang deh dengan depan dia dibilang difabel dikasih
    dilayan diminta dinas dingin direktur diri disabilitas disana disini disuruh dokter dokumen dong dosen
    dua duduk dulu emosi enak enggak error for foto from front gak galak ganteng gedung gemuk gini gitu
    gratis gubernur guru habis halaman hamil hampir hanya hapus harap hari harus hati hebat hidup hingga
    hormat ikut imigrasi indonesia informasi ingin ini internet is itu izin jadi jaga jaksa jalan jam
    jangan jari jauh jawab jelas jelaskan jika jual judes juga jujur jutek kabag kabid kadang kades kadis
    kakanim kakanwil kalapas kalau kali kalian kamar kami kamu kan kanim kantor kanwil kapan karena
    karutan kasar kasatpol kasi kasih kasir kasubag kasubbag kasubsi kata kaya kayak kebersihan kecil
    kedua kejaksaan kembali kenal kenapa kepada kepala keren kerja kesana kesehatan kesini ketika ketua
    ketus kirim kita kok komputer koordinator korupsi kota kotak kotor kuitansi kumpul kurang kurir kursi
    lagi lah lain laki lalu lama lambat lancar langsung lansia lantai lapas lapor layan layanan layar
    lebih lembur lemot lengkap lewat lho lihat loh loket luar ludes lupa lurah macet mahal maka makan
    makasih maksud malah mana mandiri mantap marah masih masuk mati mau meja melahirkan melayani memaksa
    memang memanggil membantu memberi meminta memotong memperlambat mempermudah mempersulit memproses
    menangis menanyakan mending menerima mengandung mengarahkan mengatakan mengecek mengurus menjelaskan
    menolak menolong menteri menunggu menyampaikan menyapa menyebut menyuruh menyusui mereka mertua mesti
    minta mohon muda mudah muka mungkin murah mushola naik namun nanti negara ngasih ngga nggak ngomong
    nih nomor nya nyaman nyebelin ojek oknum oleh operator orang orangtua pada paham pakai pake paksa
    paling panas panggil panitia para parah parkir paruh pas paspor pegawai pejabat pelayanan pembantu
    pemohon pendamping pengaduan pengawas pengunjung penjaga pensiun penting perbaiki percepat pergi perlu
    pernah pertahankan pertama petugas pimpinan pintar pintu please polisi polos polwan ponsel presiden
    pria printer profesi profesional proses pula pulang pulpen pun pungli pungut punya pusat ramah ramai
    rapi rata rekan resepsionis ribet rombongan ruang ruangan rumah rusak rutan saat saja salah sama
    sambil sampai sana sangat santun saran sarankan satpam satu saya sebab sebagai sebelah sebelum sebut
    sedang sedikit segera sehat sekali sekarang sekretaris seksi selalu selama selamat selesai seluruh
    semakin semangat semoga sempat semprot semua senam senang sendiri senyum seorang seperti serah seram
    sering serius serta seseorang sesuai setelah setiap siap siapa sibuk sih sikap simpan simpatik sini
    sipir sistem sombong sopan sopir staf staff suami suatu sudah suka sulit supaya supir suruh susah susu
    susun tahu tak tambah tampak tampil tangan tangga tanggap tanpa tanya tapi tarif tarik tegas telah
    telat telepon teliti teller teman tempat tentang tentara tepat terima terimakasih terlalu terlambat
    tersebut tertib terus tetangga tetap tetapi thank thanks that the tidak tidur tiga tindak tinggal
    tinggi tingkatkan titip toilet tolong transparan tua tugas tukang tulis tunanetra tunggu tunjuk turun
    uang udah ulang umum untuk urus usah usia usul very wajib wakil waktu walaupun walikota wanita warga
    wartawan was who wifi with ya yaitu yang yayasan
    """.split()  # noqa: SIM905 - so many words are read as a text
)
BEFORE = ("di", "ke", "se", "ber", "ter", "me", "mem", "men", "meng", "pe", "pem", "pen", "peng", "per")
BEHIND = ("nya", "kan", "lah", "kah", "pun", "an", "i", "ku", "mu")
SHORTEST_STEM = 4
VOWELS = frozenset("aeiou")


def is_ordinary(word: str) -> bool:
    """Say whether a word is a known one, with what Indonesian puts before and behind it, or has no vowel."""
    small = word.lower()
    if len(small) > 1 and not VOWELS & set(small):
        return True  # yg, tdk, dgn; a telephone's spelling, and the initials of posts
    if "-" in small:
        return all(map(is_ordinary, small.split("-")))
    return small in STEMS or any(stem in STEMS for stem in _stems(small))


def _stems(word: str) -> set[str]:
    """Return what is left of a word without a beginning, an end, or both; never fewer than four letters."""
    begun = {word, *(word.removeprefix(part) for part in BEFORE)}
    return {
        stem
        for rest in begun
        for stem in (rest, *(rest.removesuffix(part) for part in BEHIND))
        if len(stem) >= SHORTEST_STEM
    }
