// Türkçe arama: src/book/search.rs ile aynı kurallar (katla, kökün başını karşılaştır).
"use strict";
(() => {
  const DUZ = { ı: "i", i: "i", î: "i", ç: "c", ğ: "g", ö: "o", ş: "s", ü: "u", û: "u", â: "a" };
  const KOK = 4;
  const katla = (soz) => Array.from(soz.replace(/[Iİ]/g, "i").toLowerCase())
    .map((harf) => DUZ[harf] || harf).join("");
  const sozler = (metin) => metin.split(/[^\p{L}\p{N}]+/u).map(katla).filter((soz) => soz.length > 1);
  const uyar = (yazilan, soz) => {
    let ortak = 0;
    while (ortak < yazilan.length && ortak < soz.length && yazilan[ortak] === soz[ortak]) ortak += 1;
    if (yazilan === soz) return 3;
    if (ortak === yazilan.length) return 2;
    const kisa = Math.min(yazilan.length, soz.length);
    return (ortak >= KOK && ortak === soz.length) || (ortak > KOK && ortak + 3 >= kisa) ? 1 : 0;
  };
  const enIyi = (liste, soz) => liste.reduce((en, bulunan) => Math.max(en, uyar(soz, bulunan)), 0);
  const bul = (sayfalar, sorgu) => {
    const yazilan = sozler(sorgu);
    if (yazilan.length === 0) return [];
    return sayfalar
      .map((sayfa) => ({
        sayfa,
        puanlar: yazilan.map((soz) => enIyi(sayfa.heads, soz) * 4 + enIyi(sayfa.words, soz)),
      }))
      .filter(({ puanlar }) => puanlar.every((puan) => puan > 0))
      .map(({ sayfa, puanlar }) => ({ sayfa, puan: puanlar.reduce((a, b) => a + b, 0) }))
      .sort((a, b) => b.puan - a.puan || (a.sayfa.page < b.sayfa.page ? -1 : 1))
      .map(({ sayfa }) => sayfa);
  };
  const kutu = document.getElementById("sorgu");
  const yer = document.getElementById("sonuclar");
  let sayfalar = null;
  const goster = async () => {
    const sorgu = kutu.value;
    if (sayfalar === null) sayfalar = await (await fetch(koke_yol + "arama.json")).json();
    yer.replaceChildren();
    if (sozler(sorgu).length === 0) return;
    const bulunan = bul(sayfalar, sorgu).slice(0, 12);
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
