// Keeps secrets out of the log.

/** The values that must not be shown. */
export class Masks {
  #values = new Set();

  /** Masks a value, each line of it, and its base64 form. */
  add(value) {
    if (value.trim() === '') {
      return;
    }
    const lines = value.split(/[\r\n]+/).map((line) => line.trim()).filter(Boolean);
    for (const form of [value, ...lines, Buffer.from(value).toString('base64')]) {
      this.#values.add(form);
    }
  }

  /** The text with every masked value replaced by `***`. */
  hide(text) {
    const longestFirst = [...this.#values].sort((a, b) => b.length - a.length);
    return longestFirst.reduce((rest, value) => rest.replaceAll(value, '***'), text);
  }
}
