//! P03xx: manifests that have the right shape but break Kubernetes' own rules.

super::codes! {
    BAD_QUANTITY = "P0301" {
        "`{path}` bir miktar değil: `{found}`", "`{path}` is not a quantity: `{found}`";
        help: "örnekler: işlemci \"250m\" ya da \"2\", bellek \"128Mi\" ya da \"1Gi\"",
              "examples: CPU \"250m\" or \"2\", memory \"128Mi\" or \"1Gi\"";
        page: "Kubernetes miktarları bir sayı ve isteğe bağlı bir sonektir: `m` binde bir; `k`, `M`, \
               `G`, `T`, `P`, `E` binin katları; `Ki`, `Mi`, `Gi`, `Ti`, `Pi`, `Ei` 1024'ün katları. \
               `MB`, `GB`, `mb` ya da boşlukla ayrılmış birimler geçersizdir.",
              "A Kubernetes quantity is a number and an optional suffix: `m` is a thousandth; `k`, \
               `M`, `G`, `T`, `P`, `E` are powers of 1000; `Ki`, `Mi`, `Gi`, `Ti`, `Pi`, `Ei` powers \
               of 1024. `MB`, `GB`, `mb` or a unit after a space are not valid.";
    }

    BAD_NAME = "P0302" {
        "`{path}` geçerli bir ad değil: `{found}`", "`{path}` is not a valid name: `{found}`";
        help: "küçük harf (a–z), rakam ve `-`; harf ya da rakamla başlar ve biter, en çok 63 karakter",
              "lower-case letters (a–z), digits and `-`; begins and ends with a letter or digit, at most 63";
        page: "Kubernetes adları DNS adlarında geçer, bu yüzden DNS'in kurallarına uyar (RFC 1123): \
               yalnızca küçük harf, rakam ve tire. Türkçe harfler, büyük harfler, alt çizgi ve boşluk \
               kullanılamaz. Çoğu türün adında nokta da bulunabilir; Service ve Namespace adlarında bulunamaz.",
              "Kubernetes names become part of DNS names and follow DNS's rules (RFC 1123): only \
               lower-case letters, digits and hyphens. Most kinds also allow points in their names; \
               Service and Namespace do not.";
    }
    BAD_LABEL_KEY = "P0303" {
        "`{path}` içinde geçersiz bir anahtar: `{found}`", "`{path}` has an invalid key: `{found}`";
        help: "biçim: `ad` ya da `önek/ad`; ad en çok 63 karakter: harf, rakam, `-`, `_`, `.`",
              "form: `name` or `prefix/name`; a name has at most 63 letters, digits, `-`, `_`, `.`";
        page: "Etiket ve açıklama notu anahtarları isteğe bağlı bir DNS öneki ile bir addan oluşur: \
               `app.kubernetes.io/name`. Ad harf ya da rakamla başlar ve biter.",
              "Keys of labels and annotations are a name with an optional DNS prefix: \
               `app.kubernetes.io/name`. The name begins and ends with a letter or digit.";
    }
    BAD_LABEL_VALUE = "P0304" {
        "`{path}` geçerli bir etiket değeri değil: `{found}`",
        "`{path}` is not a valid label value: `{found}`";
        help: "en çok 63 karakter: harf, rakam, `-`, `_`, `.`; uzun metinler için açıklama notu kullanın",
              "at most 63 letters, digits, `-`, `_`, `.`; use an annotation for longer text";
        page: "Etiketler seçmek içindir, bu yüzden kısa ve yalındır. Boşluk, eğik çizgi ve Türkçe harf \
               taşıyamazlar. Serbest metin `annotations` altına yazılır.",
              "Labels are for selecting, so they are short and plain: no spaces, no slashes. Free text \
               belongs under `annotations`.";
    }
    BAD_PORT_NAME = "P0305" {
        "`{path}` geçerli bir port adı değil: `{found}`", "`{path}` is not a valid port name: `{found}`";
        help: "en çok 15 karakter: küçük harf, rakam, `-`; en az bir harf",
              "at most 15 lower-case letters, digits and `-`, at least one letter";
        page: "Konteyner portlarının adları IANA servis adı kurallarına uyar (RFC 6335): en çok 15 \
               karakter, en az bir harf, art arda iki tire olmadan.",
              "Names of container ports follow IANA's rules for service names (RFC 6335): at most 15 \
               letters, at least one letter, no two hyphens in a row.";
    }
    SELECTOR_MISMATCH = "P0306" {
        "seçici `{label}` istiyor, şablonun etiketlerinde bu yok",
        "the selector wants `{label}`, the template's labels do not have it";
        help: "`spec.selector.matchLabels` ile `spec.template.metadata.labels` aynı olmalı",
              "`spec.selector.matchLabels` and `spec.template.metadata.labels` must agree";
        page: "Bir denetleyici kendi podlarını seçicisiyle tanır. Şablondan yarattığı podlar seçiciye \
               uymasaydı onları hiç görmez, durmadan yenilerini yaratırdı; API sunucusu buna izin vermez.",
              "A controller knows its own pods by its selector. If the pods of its template did not match, \
               it would never see them and make new ones for ever; the API server does not allow that.";
    }
    EMPTY_SELECTOR = "P0307" {
        "`{path}` boş; hiçbir podu seçmiyor", "`{path}` is empty and selects nothing";
        help: "`matchLabels` yazın, örneğin `app: web`", "write `matchLabels`, for example `app: web`";
        page: "apps/v1 grubunda seçici zorunludur ve sonradan değiştirilemez. `matchLabels` ya da \
               `matchExpressions` içermelidir.",
              "In apps/v1 the selector is required and cannot be changed later. It must hold \
               `matchLabels` or `matchExpressions`.";
    }
    REQUEST_OVER_LIMIT = "P0308" {
        "`{path}` ({request}) sınırından büyük ({limit})", "`{path}` ({request}) exceeds its limit ({limit})";
        page: "Kaynak talebi (`requests`), zamanlayıcının konteyner için ayırdığı paydır; kaynak sınırı \
               (`limits`) kullanabileceği en çok miktardır. Pay, en çoktan büyük olamaz.",
              "A request is what the scheduler sets aside for a container; a limit is the most it may use. \
               The share cannot exceed the most.";
    }
    DUPLICATE_OBJECT = "P0309" {
        "`{kind}` türünden {name} adlı nesne ikinci kez yazılmış", "`{kind}` {name} is written twice";
        page: "Aynı tür, ad alanı ve adla iki nesne olamaz. `kubectl apply` ikinciyi birincinin üstüne \
               yazardı; bu çoğunlukla bir kopyala-yapıştır kalıntısıdır.",
              "There cannot be two objects of one kind, namespace and name. `kubectl apply` would write \
               the second over the first; mostly this is a leftover of copy and paste.";
    }
    DUPLICATE_CONTAINER = "P0310" {
        "pod içinde {name} adlı ikinci bir konteyner var", "the pod has a second container called {name}";
        page: "Bir pod içindeki konteynerlerin adları (başlangıç konteynerleri dahil) birbirinden farklı \
               olmalıdır; kayıtlar, yoklamalar ve durum bu adla bulunur.",
              "Containers of one pod, init containers included, must have different names; logs, probes \
               and status are found by that name.";
    }
    DUPLICATE_VOLUME = "P0311" {
        "pod içinde {name} adlı ikinci bir birim var", "the pod has a second volume called {name}";
        page: "Birimler konteynerlere adlarıyla bağlanır; aynı ad iki birimi gösteremez.",
              "Volumes are mounted into containers by name; one name cannot mean two volumes.";
    }
    UNKNOWN_VOLUME = "P0312" {
        "{name} adlı bir birim tanımlanmamış", "no volume is called {name}";
        help: "`spec.volumes` listesine ekleyin", "add it to `spec.volumes`";
        page: "`volumeMounts` içindeki ad, aynı podun `volumes` listesindeki (ya da bir StatefulSet'in \
               `volumeClaimTemplates` listesindeki) bir birimi göstermelidir.",
              "The name in `volumeMounts` must be that of a volume in the pod's `volumes` (or in the \
               `volumeClaimTemplates` of a StatefulSet).";
    }
    DUPLICATE_PORT_NAME = "P0313" {
        "{name} adlı ikinci bir port var", "there is a second port called {name}";
        page: "Servisler portları adlarıyla gösterebilir (`targetPort: http`); bu yüzden adlar tektir.",
              "Services may point at ports by name (`targetPort: http`), so the names are unique.";
    }
    PROBE_WITHOUT_HANDLER = "P0314" {
        "`{path}` neyi yoklayacağını söylemiyor", "`{path}` does not say what to probe";
        help: "`httpGet`, `tcpSocket`, `exec` ve `grpc` alanlarından birini yazın",
              "write one of `httpGet`, `tcpSocket`, `exec` and `grpc`";
        page: "Bir yoklama dört yoldan biriyle sorar: HTTP isteği, TCP bağlantısı, konteyner içinde bir \
               komut ya da gRPC sağlık denetimi. Süreler tek başına bir yoklama değildir.",
              "A probe asks in one of four ways: an HTTP request, a TCP connection, a command in the \
               container, or a gRPC health check. Times alone are no probe.";
    }
    PROBE_WITH_TWO_HANDLERS = "P0315" {
        "`{path}` birden çok yoklama yolu içeriyor", "`{path}` has more than one way to probe";
        page: "Bir yoklama yalnızca bir yolla sorar. İki şeyi denetlemek için ikisini de sınayan bir \
               komut (`exec`) ya da bir sağlık adresi (`httpGet`) yazın.",
              "A probe asks in one way only. To check two things write a command (`exec`) or a health \
               address (`httpGet`) that tests both.";
    }
    RESTART_POLICY = "P0316" {
        "`{kind}` podları `restartPolicy: {found}` ile çalışamaz",
        "pods of a `{kind}` cannot have `restartPolicy: {found}`";
        help: "`Always` yazın ya da satırı silin; bitip gidecek işler için Job kullanın",
              "write `Always` or drop the line; use a Job for work that ends";
        page: "Deployment, ReplicaSet, StatefulSet ve DaemonSet sürekli çalışan podlar içindir; bu \
               yüzden yalnızca `Always` kabul ederler.",
              "Deployment, ReplicaSet, StatefulSet and DaemonSet are for pods that run on and on; they \
               take only `Always`.";
    }
    ROLLING_UPDATE_STUCK = "P0317" {
        "`maxSurge` ve `maxUnavailable` birlikte 0 olamaz",
        "`maxSurge` and `maxUnavailable` cannot both be 0";
        page: "Kademeli güncelleme ya fazladan pod açarak ya da eskilerden kapatarak ilerler. İkisi de \
               yasaklanırsa ilk adımı bile atamaz.",
              "A rolling update moves by opening extra pods or by closing old ones. With both forbidden \
               it cannot take its first step.";
    }
    MIN_OVER_MAX = "P0318" {
        "`minReplicas` ({min}) `maxReplicas` değerinden ({max}) büyük",
        "`minReplicas` ({min}) exceeds `maxReplicas` ({max})";
        page: "HorizontalPodAutoscaler kopya sayısını bu iki sınır arasında tutar; alt sınır üst sınırı \
               aşamaz.",
              "The HorizontalPodAutoscaler keeps the number of replicas between these bounds; the lower \
               cannot exceed the upper.";
    }
    SERVICE_WITHOUT_PORTS = "P0319" {
        "servisin hiç portu yok", "the Service has no ports";
        page: "Bir servis en az bir port açar; yalnızca başsız (`clusterIP: None`) ve `ExternalName` \
               servisleri portsuz olabilir.",
              "A Service opens at least one port; only headless (`clusterIP: None`) and `ExternalName` \
               Services may have none.";
    }
    PORT_NEEDS_NAME = "P0320" {
        "birden çok portu olan serviste her portun bir adı olmalı",
        "in a Service with several ports every port needs a name";
        help: "örneğin `name: http` ekleyin", "add `name: http`, for example";
        page: "Tek port adsız olabilir. Birden çok olunca uçlar portlarla adları üzerinden eşleştirilir.",
              "A single port may go without a name. With several, endpoints are matched to ports by name.";
    }
    NODE_PORT_RANGE = "P0321" {
        "`nodePort` 30000 ile 32767 arasında olmalı; {found} yazılmış",
        "`nodePort` must be between 30000 and 32767, found {found}";
        help: "satırı silerseniz API sunucusu boş bir port seçer",
              "without the line the API server picks a free one";
        page: "Düğüm portları her düğümde açılır; Kubernetes onlara, başka programlarla çakışmasın diye \
               ayrı bir aralık verir (`--service-node-port-range`).",
              "Node ports open on every node; Kubernetes gives them a range of their own so that they do \
               not clash with other programs (`--service-node-port-range`).";
    }
    EXTERNAL_NAME_MISSING = "P0322" {
        "`ExternalName` servisi `externalName` alanını ister", "an `ExternalName` Service needs `externalName`";
        page: "ExternalName servisi bir DNS takma adıdır; neyin takma adı olduğu `externalName` alanında \
               yazar.",
              "An ExternalName Service is an alias in DNS; `externalName` says for what.";
    }
    BAD_PERCENT = "P0323" {
        "`{path}` bir sayı ya da yüzde değil: `{found}`", "`{path}` is neither a number nor a percentage: `{found}`";
        help: "örneğin `1` ya da \"25%\"", "for example `1` or \"25%\"";
        page: "Bu alan ya sıfırdan küçük olmayan bir tam sayı ya da `25%` gibi, `%` ile biten bir metin alır.",
              "This field takes a whole number from zero up, or a text that ends with `%`, such as `25%`.";
    }
    SERVICE_SELECTS_NOTHING = "P0324" {
        "{name} adlı servisin seçicisi hiçbir pod şablonuna uymuyor",
        "the selector of Service {name} matches no pod template";
        help: "seçiciyi, Deployment şablonundaki etiketlerle karşılaştırın",
              "compare it with the labels in the Deployment's template";
        page: "Servis, seçicisindeki bütün etiketleri taşıyan podlara yönlendirir. Hiçbir pod uymazsa \
               servisin ucu olmaz ve ona gelen her istek başarısız olur.",
              "A Service forwards to pods that carry every label of its selector. If none does, it has no \
               endpoints and every request to it fails.";
    }
    SCALE_TARGET_MISSING = "P0325" {
        "ölçeklenecek nesne bildirimlerde yok: {target}", "the object to scale is not in the manifests: {target}";
        page: "HorizontalPodAutoscaler bir Deployment ya da ReplicaSet'in kopya sayısını değiştirir; o \
               nesne aynı ad alanında bulunmalıdır.",
              "The HorizontalPodAutoscaler changes the replica count of a Deployment or ReplicaSet, which \
               must exist in the same namespace.";
    }
    BAD_BASE64 = "P0326" {
        "`{path}` base64 değil: `{found}`", "`{path}` is not base64: `{found}`";
        help: "düz metni `stringData` altına yazın; API sunucusu onu kendisi çevirir",
              "write plain text under `stringData`; the API server converts it";
        page: "Secret içindeki `data` değerleri base64 ile yazılır; bu bir şifreleme değil, ikili \
               verileri metin olarak taşıma yoludur. `stringData` düz metin alır.",
              "Values under `data` of a Secret are written in base64, which is no encryption but a way to \
               carry binary data as text. `stringData` takes plain text.";
    }
    NAMESPACE_MISSING = "P0327" {
        "{name} adlı ad alanı bildirimlerde yok; API sunucusu bu nesneyi geri çevirir",
        "namespace {name} is not in the manifests; the API server will refuse this object";
        help: "bildirimlere bir `kind: Namespace` nesnesi ekleyin", "add an object of `kind: Namespace`";
        page: "Bir nesne ancak var olan bir ad alanında yaratılabilir. Yeni kümede `default`, `kube-system`, \
               `kube-public` ve `kube-node-lease` vardır; ötekiler bir Namespace nesnesiyle yaratılır.",
              "An object can only be created in a namespace that exists. A new cluster has `default`, \
               `kube-system`, `kube-public` and `kube-node-lease`; others need a Namespace object.";
    }
}
