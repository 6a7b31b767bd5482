// What a handler answers with, and GitHub's wordings of refusals.

const DOCS = 'https://docs.github.com/rest';

export const reply = (status, body, headers = {}) => ({ status, body, headers });

/** An error body as GitHub sends it; `more` adds `errors`. */
export function refuse(status, message, more = {}, headers = {}) {
  return reply(status, { message, ...more, documentation_url: DOCS, status: String(status) }, headers);
}

export const notFound = () => refuse(404, 'Not Found');

/** 422 with one entry in `errors`, the form of GitHub's field checks. */
export const invalid = (resource, field, code, message) =>
  refuse(422, 'Validation Failed', { errors: [{ resource, code, field, ...(message ? { message } : {}) }] });

/** One page of a list, with the `Link` header. */
export function page(url, list) {
  const number = (name, fallback) => Math.max(1, Number.parseInt(url.searchParams.get(name) ?? '', 10) || fallback);
  const size = Math.min(100, number('per_page', 30));
  const current = number('page', 1);
  const last = Math.max(1, Math.ceil(list.length / size));
  const link = (target, rel) => {
    const next = new URL(url);
    next.searchParams.set('page', String(target));
    return `<${next}>; rel="${rel}"`;
  };
  const links = [];
  if (current > 1) links.push(link(current - 1, 'prev'));
  if (current < last) links.push(link(current + 1, 'next'), link(last, 'last'));
  if (current > 1) links.push(link(1, 'first'));
  const headers = links.length ? { link: links.join(', ') } : {};
  return reply(200, list.slice((current - 1) * size, current * size), headers);
}
