// @ts-check
/** The few words that the widget shows itself, before and beside the page; ids of the contract (§8.2). */

/** @typedef {{title: string, loading: string, close: string, failed: string, help: string, retry: string}} Texts */

/** @type {Readonly<Record<string, Texts>>} */
export const TEXTS = Object.freeze({
  en: { title: "Conversation", loading: "Loading the conversation", close: "Close", failed: "The conversation could not be loaded", help: "Check your connection and try again.", retry: "Try again" },
  it: { title: "Conversazione", loading: "Caricamento della conversazione", close: "Chiudi", failed: "Impossibile caricare la conversazione", help: "Controlla la connessione e riprova.", retry: "Riprova" },
  de: { title: "Gespräch", loading: "Das Gespräch wird geladen", close: "Schließen", failed: "Das Gespräch konnte nicht geladen werden", help: "Prüfen Sie Ihre Verbindung und versuchen Sie es erneut.", retry: "Erneut versuchen" },
  fr: { title: "Conversation", loading: "Chargement de la conversation", close: "Fermer", failed: "Impossible de charger la conversation", help: "Vérifiez votre connexion et réessayez.", retry: "Réessayer" },
  es: { title: "Conversación", loading: "Cargando la conversación", close: "Cerrar", failed: "No se ha podido cargar la conversación", help: "Compruebe su conexión e inténtelo de nuevo.", retry: "Reintentar" },
  pt: { title: "Conversa", loading: "A carregar a conversa", close: "Fechar", failed: "Não foi possível carregar a conversa", help: "Verifique a sua ligação e tente novamente.", retry: "Tentar novamente" },
  ru: { title: "Разговор", loading: "Разговор загружается", close: "Закрыть", failed: "Не удалось загрузить разговор", help: "Проверьте подключение и попробуйте ещё раз.", retry: "Попробовать ещё раз" },
  ja: { title: "会話", loading: "会話を読み込んでいます", close: "閉じる", failed: "会話を読み込めませんでした", help: "接続を確認して、もう一度お試しください。", retry: "再試行" },
  id: { title: "Percakapan", loading: "Memuat percakapan", close: "Tutup", failed: "Percakapan tidak dapat dimuat", help: "Periksa koneksi Anda dan coba lagi.", retry: "Coba lagi" },
  no: { title: "Samtale", loading: "Laster inn samtalen", close: "Lukk", failed: "Samtalen kunne ikke lastes inn", help: "Kontroller tilkoblingen og prøv igjen.", retry: "Prøv igjen" },
  zh: { title: "对话", loading: "正在加载对话", close: "关闭", failed: "无法加载对话", help: "请检查网络连接，然后重试。", retry: "重试" },
  "zh-TW": { title: "對話", loading: "正在載入對話", close: "關閉", failed: "無法載入對話", help: "請檢查網路連線，然後再試一次。", retry: "再試一次" },
  "zh-HK": { title: "對話", loading: "正在載入對話", close: "關閉", failed: "未能載入對話", help: "請檢查網絡連線，然後再試一次。", retry: "再試一次" },
});

/** Codes that stand under another id. */
const SAME = /** @type {Record<string, string>} */ ({ nb: "no", nn: "no", in: "id", yue: "zh-HK", "zh-mo": "zh-HK", "zh-hant-hk": "zh-HK", "zh-hk": "zh-HK", "zh-tw": "zh-TW", "zh-hant": "zh-TW" });

/**
 * @param {readonly string[]} tags BCP 47, best first
 * @returns {Texts} English when none suits
 */
export function textsFor(tags) {
  for (const tag of tags) {
    const parts = tag.replaceAll("_", "-").toLowerCase().split("-");
    for (let length = parts.length; length > 0; length -= 1) {
      const id = parts.slice(0, length).join("-");
      const known = SAME[id] ?? id;
      if (Object.hasOwn(TEXTS, known)) return TEXTS[known];
    }
  }
  return TEXTS.en;
}
