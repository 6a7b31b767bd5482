// Copies history from one repository into another, as a fork does and as GitHub does with the head of a pull request.

/** Copies a commit with all that it leads to, by an account that may write to `to`. What is there already is left alone. */
export async function copyHistory({ upstream }, { from, to, sha, as }) {
  const has = (id) => upstream.read(`/repos/${to}/git/commits/${id}`);
  const waiting = [sha];
  while (waiting.length) {
    const id = waiting.at(-1);
    const commit = !(await has(id)) && (await upstream.read(`/repos/${from}/git/commits/${id}`));
    const missing = [];
    for (const parent of (commit || undefined)?.parents ?? []) if (!(await has(parent.sha))) missing.push(parent.sha);
    if (missing.length) {
      waiting.push(...missing);
      continue;
    }
    waiting.pop();
    if (!commit) continue;
    const { message, author, committer, tree, parents } = commit;
    await copyTree(upstream, { from, to, sha: tree.sha, as });
    await write(upstream, `/repos/${to}/git/commits`, { message, author, committer, tree: tree.sha, parents: parents.map((one) => one.sha) }, as);
  }
}

async function copyTree(upstream, { from, to, sha, as }) {
  if (await upstream.read(`/repos/${to}/git/trees/${sha}`)) return;
  const { tree } = await upstream.read(`/repos/${from}/git/trees/${sha}`);
  for (const entry of tree) {
    if (entry.type === 'tree') await copyTree(upstream, { from, to, sha: entry.sha, as });
    else if (entry.type === 'blob') {
      const { content } = await upstream.read(`/repos/${from}/git/blobs/${entry.sha}`);
      await write(upstream, `/repos/${to}/git/blobs`, { content, encoding: 'base64' }, as);
    }
  }
  const entries = tree.map(({ path, mode, type, sha: id }) => ({ path, mode, type, sha: id }));
  await write(upstream, `/repos/${to}/git/trees`, { tree: entries }, as);
}

async function write(upstream, path, body, as) {
  const { status, body: answer } = await upstream.call('POST', path, body, { as });
  if (status >= 300) throw new Error(`POST ${path}: ${status} ${JSON.stringify(answer)}`);
}
