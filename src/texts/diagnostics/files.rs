//! P00xx: texts that could not be had at all.

super::codes! {
    FILE_NOT_FOUND = "P0001" {
        "`{file}` adlı dosya bulunamadı", "file `{file}` was not found";
        help: "yol, onu anan dosyanın klasörüne göre okunur",
              "the path is read from the folder of the file that mentions it";
        page: "Bir senaryo, bildirim dosyalarını `apply` listesinde adlarıyla anar. Göreli bir yol, \
               senaryonun durduğu klasöre göre okunur; kabuğun o anki klasörüne göre değil. \
               Böylece senaryo nereden çalıştırılırsa çalıştırılsın aynı dosyayı bulur.",
              "A scenario names manifest files in its `apply` list. A relative path is read from \
               the folder of the scenario, not from the shell's current folder, so that the \
               scenario finds the same file wherever it is started.";
    }
    FILE_NOT_UTF8 = "P0002" {
        "`{file}` adlı dosya UTF-8 ile yazılmamış", "file `{file}` is not written in UTF-8";
        page: "Kubernetes bildirimleri ve Prova senaryoları UTF-8 metinleridir. Dosyayı \
               düzenleyicinizde UTF-8 olarak kaydedin; eski Türkçe kod sayfaları (ISO-8859-9, \
               Windows-1254) okunmaz.",
              "Kubernetes manifests and Prova scenarios are UTF-8 texts. Save the file as UTF-8 \
               in your editor; old code pages (ISO-8859-9, Windows-1254) are not read.";
    }
    FILE_UNREADABLE = "P0003" {
        "`{file}` adlı dosya okunamadı: {reason}", "file `{file}` could not be read: {reason}";
        page: "Dosya var, fakat işletim sistemi onu okutmadı. İzinlere ve yolun gerçekten bir \
               dosya olup olmadığına bakın.",
              "The file exists, but the operating system would not let it be read. Check its \
               permissions and that the path really is a file.";
    }
    FILE_EMPTY = "P0004" {
        "`{file}` adlı dosyada hiçbir nesne yok", "file `{file}` holds no object";
        page: "Dosya boş ya da yalnızca yorumlardan oluşuyor. Bir bildirim dosyasında en az bir \
               Kubernetes nesnesi, bir senaryo dosyasında `( … )` içinde bir senaryo durmalıdır.",
              "The file is empty or holds only comments. A manifest needs at least one Kubernetes \
               object, a scenario file needs one scenario in `( … )`.";
    }
    UNKNOWN_FILE_KIND = "P0005" {
        "`{file}` adlı dosyanın türü bilinmiyor", "the kind of file `{file}` is not known";
        help: "senaryolar `.ron`, bildirimler `.yaml`, `.yml` ya da `.json` ile biter",
              "scenarios end with `.ron`, manifests with `.yaml`, `.yml` or `.json`";
        page: "Prova bir dosyayı uzantısından tanır: `.ron` senaryodur; `.yaml`, `.yml` ve `.json` \
               Kubernetes bildirimidir.",
              "Prova knows a file by its ending: `.ron` is a scenario; `.yaml`, `.yml` and `.json` \
               are Kubernetes manifests.";
    }
    SEVERAL_SCENARIOS = "P0006" {
        "ikinci bir senaryo verilmiş: `{file}`", "a second scenario is given: `{file}`";
        help: "bir seferde bir senaryo oynatılır; yanına istediğiniz kadar bildirim verebilirsiniz",
              "one scenario is played at a time; any number of manifests may stand beside it";
        page: "Bir senaryo kümeyi, adımları ve beklentileri birlikte tanımlar; iki senaryo tek bir benzetimde \
               birleşemez. Bir senaryonun yanında verilen bildirimler, onun kendi bildirimlerine eklenir.",
              "A scenario defines cluster, steps and expectations together; two cannot be one run. Manifests \
               given beside a scenario are added to its own.";
    }
}
