// Connections: paging of a list by cursors, the same for every list.

const encode = (index) => Buffer.from(`cursor:v2:${index}`).toString('base64');
const decode = (cursor) => Number(Buffer.from(cursor, 'base64').toString().split(':').pop());

/** The part of `items` that `first`, `last`, `after` and `before` ask for; `node` makes a node of an item. */
export function connect(items, { first, last, after, before }, node = (item) => item) {
  let start = after ? decode(after) + 1 : 0;
  let end = before ? decode(before) : items.length;
  if (first != null) end = Math.min(end, start + first);
  if (last != null) start = Math.max(start, end - last);
  const slice = items.slice(start, Math.max(start, end));
  return {
    totalCount: items.length,
    nodes: () => Promise.all(slice.map(node)),
    pageInfo: {
      hasNextPage: end < items.length,
      hasPreviousPage: start > 0,
      startCursor: slice.length ? encode(start) : null,
      endCursor: slice.length ? encode(start + slice.length - 1) : null,
    },
  };
}

/** Sorts by GitHub's `orderBy`; `keys` maps its fields to what is compared. */
export function sorted(items, orderBy, keys) {
  if (!orderBy) return items;
  const sign = orderBy.direction === 'DESC' ? -1 : 1;
  const value = keys[orderBy.field];
  return [...items].sort((a, b) => {
    const [x, y] = [value(a), value(b)];
    return x < y ? -sign : x > y ? sign : 0;
  });
}
