/** What the browser remembers between visits: drafts, what has been read, who was chosen.
 *
 * Storage may be full or forbidden; then the page simply forgets.
 */

const PREFIX = "dajuan.";

function read(key) {
  try {
    return localStorage.getItem(PREFIX + key);
  } catch {
    return null;
  }
}

function write(key, value) {
  try {
    if (value) localStorage.setItem(PREFIX + key, value);
    else localStorage.removeItem(PREFIX + key);
  } catch {
    return;
  }
}

export const draftOf = (person, chat) => read(`draft.${person}.${chat}`) ?? "";
export const keepDraft = (person, chat, text) => write(`draft.${person}.${chat}`, text);

export const readUpTo = (person, chat) => Number(read(`read.${person}.${chat}`) ?? 0);
export const keepReadUpTo = (person, chat, seq) => write(`read.${person}.${chat}`, String(seq));

export const lastPerson = () => read("person");
export const keepPerson = (person) => write("person", person);
