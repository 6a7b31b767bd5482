// What a run leaves behind for people: the log, the annotations, the job summary.

/** GitHub shows no more annotations of one level for one step. */
const ANNOTATIONS_PER_LEVEL = 10;
/** GitHub cuts the message of an annotation after this many characters. */
const ANNOTATION_LENGTH = 4096;
/** A step's summary beyond this many bytes is refused as a whole. */
const SUMMARY_LIMIT = 1024 * 1024;

/** Collects the log, annotations and summaries of one job. Everything passes through the masks. */
export class Journal {
  annotations = [];
  summaries = [];
  #lines = [];
  #masks;
  #step = null;
  #counts = {};

  constructor(masks) {
    this.#masks = masks;
  }

  get log() {
    return this.#lines.join('\n');
  }

  /** Starts a step of the job. The steps inside a composite action share the limits of the step that uses it. */
  beginStep(id) {
    this.#step = id;
    this.#counts = {error: 0, warning: 0, notice: 0};
  }

  write(line) {
    this.#lines.push(this.#masks.hide(line));
  }

  error(message) {
    this.annotate('error', message);
  }

  warning(message) {
    this.annotate('warning', message);
  }

  /** Logs an annotation, and records it while the step has room for one more of its level. */
  annotate(level, message, properties = {}) {
    const text = this.#masks.hide(message).slice(0, ANNOTATION_LENGTH);
    this.write(`##[${level}]${text}`);
    this.#counts[level] = (this.#counts[level] ?? 0) + 1;
    if (this.#counts[level] <= ANNOTATIONS_PER_LEVEL) {
      this.annotations.push({level, message: text, ...properties, step: this.#step});
    }
  }

  /** Records the Markdown that a step wrote, or refuses it when it is too long. */
  summarize(bytes) {
    if (bytes.length > SUMMARY_LIMIT) {
      const limit = SUMMARY_LIMIT / 1024;
      const size = Math.floor(bytes.length / 1024);
      this.error(`$GITHUB_STEP_SUMMARY upload aborted, supports content up to a size of ${limit}k, got ${size}k.`);
    } else if (bytes.length > 0) {
      this.summaries.push({step: this.#step, markdown: this.#masks.hide(bytes.toString('utf8'))});
    }
  }
}
