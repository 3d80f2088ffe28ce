// Türkçe arama: src/book/search.rs ile aynı kurallar; orada değişen burada da değişir.
"use strict";
(() => {
  const DUZ = { ı: "i", i: "i", î: "i", ç: "c", ğ: "g", ö: "o", ş: "s", ü: "u", û: "u", â: "a" };
  const KOK = 4;
  const EK_EN_COK = 3;
  const SIK = 8;
  const KUCUK = new Set(("ama bir bu da de icin ile ise kim mi mu nasil ne neden nedir nerede olur the ve veya "
    + "ya").split(" "));
  const EKLER = ("a ca ce ci da dan de den e i im in ki la lar le ler li lik lu m n na nda ndan nde nden ne ni nin "
    + "nu nun si siz su suz ta tan te ten u um un ya ye yi yla yle yu").split(" ");
  const katla = (soz) => Array.from(soz.replace(/[Iİ]/g, "i").toLowerCase())
    .map((harf) => DUZ[harf] || harf).join("");
  const kucult = (soz) => soz.replace(/I/g, "ı").replace(/İ/g, "i").toLowerCase();
  const sozler = (metin) => metin.split(/[^\p{L}\p{N}'’]+/u)
    .map((soz) => kucult(soz.replace(/^['’]+/, "").split(/['’]/)[0]))
    .filter((soz) => Array.from(soz).length > 1);
  const ekleri = (kalan, enCok) => kalan === ""
    || (enCok > 0 && EKLER.some((ek) => kalan.startsWith(ek) && ekleri(kalan.slice(ek.length), enCok - 1)));
  const ekMi = (kalan, enCok) => ekleri(katla(kalan), enCok);
  const harfiyle = (yazilan, soz) => {
    if (yazilan === soz) return 3;
    let ortak = 0;
    while (ortak < yazilan.length && ortak < soz.length && yazilan[ortak] === soz[ortak]) ortak += 1;
    if (ortak === yazilan.length) return ortak >= KOK || ekMi(soz.slice(ortak), EK_EN_COK) ? 2 : 0;
    if (ortak >= Math.min(KOK, soz.length)
      && ekMi(yazilan.slice(ortak), EK_EN_COK) && ekMi(soz.slice(ortak), EK_EN_COK)) return 2;
    const kok = ortak === soz.length
      ? ortak >= KOK
      : ortak > KOK && ortak + EK_EN_COK >= Math.min(yazilan.length, soz.length);
    return kok ? 1 : 0;
  };
  // Nokta ve kuyruk yazıldıysa sayılır ("uç" ile "üç" ayrıdır), yazılmadıysa sayılmaz.
  const uyar = (yazilan, soz) => {
    const yalin = katla(yazilan);
    const duz = harfiyle(yalin, katla(soz));
    return yalin === yazilan ? duz : Math.min(harfiyle(yazilan, soz), duz);
  };
  const bicimi = (yazilan, soz) => {
    const [uzun, kisa] = [katla(yazilan), katla(soz)];
    return uzun.startsWith(kisa) && ekMi(uzun.slice(kisa.length), EK_EN_COK);
  };
  const anlamlar = (sorgu, terimler) => {
    const hepsi = sozler(sorgu);
    const anlamli = hepsi.filter((soz) => !KUCUK.has(katla(soz)));
    const yazilan = anlamli.length === 0 ? hepsi : anlamli;
    const cikan = [yazilan];
    for (const [bir, iki] of terimler) {
      for (const [olan, yeni] of [[bir, iki], [iki, bir]]) {
        if (olan.every((parca) => yazilan.some((soz) => bicimi(soz, parca)))) {
          const kalan = yazilan.filter((soz) => !olan.some((parca) => bicimi(soz, parca)));
          cikan.push([...kalan, ...yeni]);
        }
      }
    }
    return cikan;
  };
  const puan = (sayfa, yazilan) => {
    const enIyi = (liste) => liste.reduce((en, soz) => Math.max(en, uyar(yazilan, soz)), 0);
    let uyum = 0;
    let siklik = 0;
    for (const [soz, sayi] of Object.entries(sayfa.words)) {
      const bu = uyar(yazilan, soz);
      uyum = Math.max(uyum, bu);
      if (bu > 1) siklik += sayi;
    }
    return enIyi(sayfa.names) * 8 + enIyi(sayfa.heads) * 4 + uyum * 2 + Math.min(siklik, SIK);
  };
  const harfiyleBul = (dizin, sorgu) => {
    const hepsi = anlamlar(sorgu, dizin.terms);
    const toplam = (sayfa, yazilan) => {
      const her = yazilan.map((soz) => puan(sayfa, soz));
      return her.includes(0) ? 0 : her.reduce((a, b) => a + b, 0);
    };
    const enIyi = (sayfa) => Math.max(...hepsi.map((yazilan, sira) => toplam(sayfa, yazilan) * (sira === 0 ? 4 : 3)));
    return dizin.pages
      .map((sayfa) => ({ sayfa, puan: enIyi(sayfa) }))
      .filter(({ puan: alinan }) => alinan > 0)
      .sort((a, b) => b.puan - a.puan || (a.sayfa.page < b.sayfa.page ? -1 : 1))
      .map(({ sayfa }) => sayfa);
  };
  const bul = (dizin, sorgu) => {
    const bulunan = harfiyleBul(dizin, sorgu);
    const yalin = katla(sorgu);
    return bulunan.length === 0 && yalin !== sorgu ? harfiyleBul(dizin, yalin) : bulunan;
  };
  if (typeof document === "undefined") {
    module.exports = { bul };
    return;
  }
  const kutu = document.getElementById("sorgu");
  const yer = document.getElementById("sonuclar");
  let dizin = null;
  const goster = async () => {
    try {
      if (dizin === null) dizin = await (await fetch(koke_yol + "arama.json")).json();
    } catch {
      yer.textContent = "Dosya olarak açılan sayfada arama çalışmaz; kitabı `prova book serve` ile açın.";
      return;
    }
    const sorgu = kutu.value;
    yer.replaceChildren();
    if (sozler(sorgu).length === 0) return;
    const bulunan = bul(dizin, sorgu).slice(0, 12);
    const baslik = document.createElement("p");
    baslik.textContent = bulunan.length === 0 ? "Hiçbir sayfada bulunamadı." : `${bulunan.length} sayfa`;
    const liste = document.createElement("ul");
    for (const sayfa of bulunan) {
      const bag = document.createElement("a");
      bag.href = koke_yol + sayfa.page;
      bag.textContent = sayfa.title;
      const satir = document.createElement("li");
      satir.append(bag);
      liste.append(satir);
    }
    yer.append(baslik, liste);
  };
  kutu.addEventListener("input", goster);
  kutu.form.addEventListener("submit", (olay) => { olay.preventDefault(); goster(); });
})();
