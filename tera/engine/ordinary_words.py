"""Indonesian words that often follow "Pak" or "Ibu" and are no names, as stems; what is missing is masked.

Too few words here mask a word too many, too many would show a name: words that are also names ("indah",
"bagus", "putri") are left out on purpose.
"""

STEMS = frozenset(
    """
    ada adalah admin agak agar aja ajudan akan akhirnya aktif aku alamat alat alhamdulillah allah amat anak
    and anda anggota angkat angkuh antar antre antrean antri antrian apa apakah apalagi aplikasi arah are
    arogan asal asli assalamualaikum astaghfirullah asuransi atas atasan atau awal baca bagaimana bagi
    bagian bahkan bahwa baik baju balas balik banget bangku bank bantu bantuin banyak bapak baru bawa bawah
    bayar bekas bekerja belajar belakang belom belum benar bengong berapa berbelit berdiri beri berikan
    bersama bersih bersikap bertugas besar beserta besok best betul biar biasa biaya bicara bidan bilang
    biro birokrasi bisa blok bolak boleh bos botol buang buat buka bukan buruan buruk butuh cakap calo camat
    cantik capek cara cek cekatan cemberut cepat cerita ceritakan cetak coba counter cuek cukup cuma curang
    customer daerah dalam dan dapat dari datang deh dengan depan desember dia dibilang difabel dikasih
    dilayan dilayani diminta dinas dingin direktur diri disabilitas disana disdukcapil disini disiplin
    disuruh divisi dokter dokumen dong dosen dua duduk dukcapil dulu emosi empati enak enggak error februari
    for foto from front frontliner gak galak ganteng gedung gemuk gendut gercep gigi gini gitu good gratis
    gubernur guru habis haji halaman hamil hampir hangat hanya hapus harap hari harus hati hebat hewan hidup
    hijab hingga honorer hormat hukum humanis ibu ikut imigrasi indonesia indosat informasi informatif ingin
    ini inisiatif insyaallah interaktif internet is itu izin jadi jaga jaksa jalan jam jangan jangkung jari
    jauh jawab jelas jelasin jelaskan jika jilbab job joss jual judes judesnya juga jujur jutek kabag kabid
    kacamata kadang kades kadis kakanim kakanwil kalapas kalau kali kalian kamar kami kamu kan kandung kanim
    kantor kanwil kapan karena karutan kasar kasatpol kasi kasih kasir kasubag kasubbag kasubsi kata kawin
    kaya kayak keamanan kebersihan kecil kedua kejaksaan keliling kembali kenal kenapa kepada kepala keren
    kerja kesana kesehatan kesini ketika ketua ketus kirim kita klinik kok kompeten komputer komunikatif
    kooperatif koordinator korupsi kota kotak kotor kuitansi kumis kumpul kurang kurir kursi lagi lah lain
    laki lalu lama lambat lancar langsung lansia lantai lapangan lapas lapor layan layanan layar lebih lelet
    lembur lemot lengkap lewat lho lihat lintas loh loket loketnya luar ludes lupa lurah luwes maaf macet
    magang mahal main maka makan makasih makin maksud malah malam mana mandiri manis mantap mantul manusia
    marah marahi masih masker masuk masyaallah mati mau meja melahirkan melayani melempar melotot memaksa
    memang memanggil memarahi membantu membentak memberi meminta memotong memperlambat mempermudah
    mempersulit memproses menangis menanyakan mending menegur menelepon menelpon menerima mengandung
    mengantuk mengarahkan mengatakan mengecek menggoda menghina mengomel mengurus mengusir menjelaskan
    menolak menolong menteri menunggu menyalahkan menyampaikan menyapa menyebut menyuruh menyusui mereka
    merekam merokok mertua mesti militer minta mohon mondar muda mudah muka mungkin murah mushola naik namun
    nanti negara negeri ngantuk ngasih ngegas ngerokok ngga nggak ngobrol ngomong ngopi nice nih nomor
    nongkrong november nya nyaman nyebelin nyinyir nyuruh office ojek oke okey oknum oktober oleh operator
    orang orangtua pada pagi paham pakai pakaian pake paksa paling panas panggil panitia para parah parkir
    paruh pas paspor pegawai pejabat pelatihan pelayanan pembantu pemerintah pemohon pendamping pengaduan
    pengawas pengunjung penjaga pensiun penting perantara perbaiki percepat pergi perlu pernah pertahankan
    pertama petugas piket pimpinan pintar pintu please polisi polos polwan ponsel pos posko presiden pria
    printer profesi profesional proses pula pulang pulpen pun pungli pungut punya pusat rabu ramah ramai
    rambut rapi rata regu rekan resepsionis responsif ribet rombongan ruang ruangan rumah rusak rutan saat
    sabar saja salah sama sambil sampai samsat sana sangat santai santun saran sarankan satpam satu saya
    sebab sebagai sebelah sebelum sebut security sedang sedikit segera sehat sekali sekarang sekretaris
    seksi selalu selama selamat selasa selesai seluruh semakin semangat semoga sempat semprot semprul semua
    senam senang sendiri senin senyum seorang seperti seragam serah seram sering serius serta service
    seseorang sesuai setelah setempat setiap shift siang siap siapa sibuk sigap sih sikap simpan simpatik
    sini sinis sip sipil sipir sistem solutif sombong sopan sopir sore spesialis staf staff suami suatu
    subhanallah subseksi sudah suka sulit sumringah supaya supir suruh susah susu susun swasta tahu tak
    tambah tampak tampil tangan tangga tanggap tanpa tanya tapi tarif tarik tegas telah telat telaten
    telepon teliti telkom telkomsel teller telolet teman tempat tentang tentara tepat terima terimakasih
    terlalu terlambat tersebut tertib terus tetangga tetap tetapi thank thanks that the tidak tidur tiga
    tindak tinggal tinggi tingkatkan tiri titip toilet tolong top topi transparan tua tugas tuhan tukang
    tulis tunanetra tunggu tunjuk turun uang udah ulang umrah umroh umum untuk urus usah usia usul very
    waalaikumsalam wajib wakil waktu walaupun walikota wanita warga wartawan was wawancara who wifi with ya
    yaitu yang yayasan
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
