//! P08xx: chapters and the learner's progress.

super::codes! {
    NO_HEAD = "P0801" {
        "`{file}` bir ders başlığıyla açılmıyor", "`{file}` does not open with the head of a chapter";
        help: "ilk satıra `<!-- ders` yazın, ardından ( id: …, title: …, minutes: … ) ve `-->`",
              "begin with `<!-- ders`, then ( id: …, title: …, minutes: … ) and `-->`";
        page: "Her bölüm, kimliğini, adını ve süresini söyleyen bir HTML yorumuyla açılır. Ders paneli \
               ve kitap bölümü bu başlıktan tanır.",
              "Every chapter opens with an HTML comment that says its id, title and length. The lesson \
               panel and the book know the chapter by this head.";
    }
    BAD_MOMENT = "P0802" {
        "`{found}` bir an göstermiyor", "`{found}` points to no moment";
        help: "`{{#an senaryo \"yer imi\"}}` biçiminde yazın", "write it as `{{#an scenario \"bookmark\"}}`";
        page: "Bir metin parçası, senaryonun adı ve o senaryodaki bir yer imiyle bir ana bağlanır. Yer imi \
               tırnak içinde yazılır.",
              "A passage is tied to a moment by the name of a scenario and of one of its bookmarks. The \
               bookmark stands in quotes.";
    }
    BAD_PROGRESS = "P0803" {
        "`{file}` bir ilerleme dosyası değil", "`{file}` is no progress file";
        page: "İlerleme dosyası `.prova/ilerleme.ron`, Prova'nın yazdığı bir nesnedir; alanları elle de \
               değiştirilebilir. Okunamayan dosya silinmez, `.bozuk` adıyla kenara konur; `prova learn --onar` \
               okunabilen kayıtları geri yükler.",
              "The progress file `.prova/ilerleme.ron` is an object that Prova writes; its fields may be \
               edited by hand. A file that cannot be read is not deleted but set aside as `.bozuk`; \
               `prova learn --repair` restores the records that can be read.";
    }
}
