// Closing keywords: https://docs.github.com/en/issues/tracking-your-work-with-issues/using-issues/linking-a-pull-request-to-an-issue
const KEYWORD = /\b(?:close[sd]?|fix(?:e[sd])?|resolve[sd]?)\b:?\s+(?:([\w.-]+\/[\w.-]+))?#(\d+)\b/gi;

/** The numbers of the issues of `repo` that `text` says it closes, each once. */
export function closedIn(text, repo) {
  const numbers = [...(text ?? '').matchAll(KEYWORD)]
    .filter(([, other]) => !other || other.toLowerCase() === repo.toLowerCase())
    .map(([, , number]) => Number(number));
  return [...new Set(numbers)];
}
