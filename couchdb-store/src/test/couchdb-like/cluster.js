// Answers as a cluster of CouchDB 3.5 does where PouchDB answers otherwise:
// - sequences are long strings; `POST /_forget` makes the server forget all that it has given away until then
// - changes come in no particular order, with empty lines as heartbeats before and among them
// - writes are 202 Accepted, as if not all servers had them yet; a new database is not there at once
// - a document beyond 8,000,000 bytes is 413; one with "wish" is refused with this error, as a rule of the database may
const TAIL = 'AAAACbeJzLYWBgYMpgTmEQTM4vTc5ISXIwNDLXMwBCwxyQVCJDUv3____PAgB6Bw4X'.repeat(3);
const LARGEST = 8000000, UNKNOWN_MILLIS = 15;
const J = (res, s, o) => res.status(s).type('application/json').send(JSON.stringify(o) + '\n');
module.exports = (app, body) => {
  let epoch = 1;
  const made = new Map(), seq = (n, of) => JSON.stringify(`${n}-g${of}${TAIL}`);
  const told = (s, of = epoch) => typeof s === 'string' ? s.replace(/"(seq|last_seq|update_seq)":\s*(\d+)/g, (all, name, n) => `"${name}":${seq(n, of)}`) : s;
  app.post('/_forget', (req, res) => { epoch++; J(res, 200, { ok: true }); });
  app.use('/:db', (req, res, next) => {
    const n = req.params.db; if (n[0] === '_') return next();
    const send = res.send.bind(res), status = res.status.bind(res);
    res.status = s => status(s === 201 ? 202 : s);
    if (req.path !== '/') return next();
    if (req.method === 'PUT') made.set(n, Date.now());
    if (req.method === 'GET' && Date.now() - (made.get(n) || 0) < UNKNOWN_MILLIS) return J(res, 404, { error: 'not_found', reason: 'Database does not exist.' });
    if (req.method === 'GET') res.send = s => send(told(s));
    next();
  });
  app.all('/:db/_changes', (req, res, next) => {
    const since = req.query.since, now = epoch;
    if (since && since !== 'now' && since !== '0') {
      const m = /^(\d+)-g(\d+)AAAA/.exec(since);
      if (!m || +m[2] !== epoch) return J(res, 400, { error: 'bad_request', reason: "Malformed sequence supplied in 'since' parameter." });
      req.query.since = m[1];
    }
    const lines = s => { // of a longpoll: head, rows and tail in one or several pieces
      const rows = s.split(/,\n(?=\{"seq")/), tail = /\n\],?\n[^]*$/.exec(s);
      if (rows.length < 2 || !tail) return s;
      rows[rows.length - 1] = rows[rows.length - 1].slice(0, -tail[0].length);
      return rows.reverse().join(',\n\n') + tail[0];
    };
    const send = res.send.bind(res), write = res.write.bind(res), end = res.end.bind(res), piece = s => typeof s === 'string' ? told(lines(s), now) : s;
    let begun = false;
    res.write = (s, ...more) => write((begun ? '\n' : (begun = true, '\n\n\n')) + piece(s), ...more);
    res.end = (s, ...more) => end(piece(s), ...more);
    res.send = s => send(told(s));
    next();
  });
  app.post('/:db/_bulk_docs', body, (req, res, next) => {
    const docs = (req.body || {}).docs || [], large = docs.find(d => JSON.stringify(d).length > LARGEST);
    if (large) return J(res, 413, { error: 'document_too_large', reason: large._id });
    const refused = new Map(docs.map((d, i) => [i, d]).filter(([, d]) => d.wish));
    const send = res.send.bind(res);
    req.body.docs = docs.filter(d => !d.wish);
    const whole = s => { const rows = JSON.parse(s); if (!Array.isArray(rows)) return s;
      rows.forEach(row => { if (row.rev && !row.error) row.accepted = true; });
      [...refused].forEach(([i, d]) => rows.splice(i, 0, { id: d._id, error: d.wish, reason: 'as it wished' }));
      return JSON.stringify(rows) + '\n'; };
    res.send = s => { try { return send(whole(s)); } catch (e) { return send(s); } };
    next();
  });
};
