// express-pouchdb 4.2.0 + PouchDB 9, with the CouchDB-3 behaviours a client needs put back.
// usage: node server.js [port, 0 for a free one] [user:pass] [option...]; ends with its standard input
//   --data=FOLDER      keeps its databases there, so that they are there again after kill -9; in memory otherwise
//   --tls=KEY,CERT     listens on one more port, with TLS and HTTP/2
//   --cluster          answers as a cluster of CouchDB 3.5 does, see cluster.js
//   --session=SECONDS  how long a cookie is good for; a fresh one comes with an answer after a tenth of it
process.on('unhandledRejection', () => {});               // express-pouchdb leaks rejections; node 20 would exit
const fs = require('fs'), http = require('http'), path = require('path'), crypto = require('crypto'), express = require('express');
const options = Object.fromEntries(process.argv.slice(4).map(o => /^--([a-z]+)=?(.*)$/.exec(o).slice(1)));
const kept = 'data' in options ? { adapter: 'leveldb', prefix: path.join(options.data, path.sep) } : { adapter: 'memory' };
const PouchDB = require('pouchdb').plugin(require('pouchdb-adapter-memory')).defaults({ ...kept, revs_limit: 20 }); // 1000 makes hot documents slow
const [port, cred] = [+(process.argv[2] || 5984), process.argv[3]];
const app = express(); app.disable('x-powered-by'); app.disable('etag');
const J = (res, s, o, h) => { res.status(s).set(h || {}).type('application/json').send(JSON.stringify(o) + '\n'); };
const body = express.json({ limit: '64mb', type: () => true, strict: false });
const tokens = new Map(), session = 1000 * (options.session || 600); // by token, when it was given
const cookie = () => { const t = crypto.randomBytes(24).toString('base64url'); tokens.set(t, Date.now()); return `AuthSession=${t}; Version=1; Max-Age=600; Path=/; HttpOnly`; };
const age = t => Date.now() - (tokens.has(t) ? tokens.get(t) : -Infinity);
app.get('/_up', (q, r) => J(r, 200, { status: 'ok', seeds: {} }));
app.use((req, res, next) => {                             // auth: Basic or AuthSession cookie
  if (!req.headers.accept || req.headers.accept === '*/*') req.headers.accept = 'application/json';
  if (!cred) return next();
  const [u, p] = cred.split(':'), a = req.headers.authorization, c = /AuthSession=([^;]+)/.exec(req.headers.cookie || '');
  delete req.headers.authorization; delete req.headers.cookie;
  const who = a ? (a === 'Basic ' + Buffer.from(cred).toString('base64') ? u : false) : c ? (age(c[1]) < session ? u : null) : null;
  if (c && who && age(c[1]) > session / 10) res.set('Set-Cookie', cookie());
  if (who === false) return J(res, 401, { error: 'unauthorized', reason: 'Name or password is incorrect.' });
  if (req.path === '/_session') {
    if (req.method === 'POST') return express.urlencoded({ extended: false })(req, res, () => express.json()(req, res, () => {
      if (!req.body || req.body.name !== u || req.body.password !== p) return J(res, 401, { error: 'unauthorized', reason: 'Name or password is incorrect.' });
      J(res, 200, { ok: true, name: u, roles: ['_admin'] }, { 'Set-Cookie': cookie() }); }));
    if (req.method === 'DELETE') { if (c) tokens.delete(c[1]); return J(res, 200, { ok: true }, { 'Set-Cookie': 'AuthSession=; Version=1; Max-Age=0; Path=/; HttpOnly' }); }
    return J(res, 200, { ok: true, userCtx: { name: who, roles: who ? ['_admin'] : [] }, info: { authentication_handlers: ['cookie', 'default'] } });
  }
  if (!who && req.path !== '/') return J(res, 401, { error: 'unauthorized', reason: 'You are not authorized to access this db.' });
  next();
});
if ('cluster' in options) require('./cluster')(app, body);
const dbs = new Map(), open = n => { if (!dbs.has(n)) dbs.set(n, new PouchDB(n)); return dbs.get(n); };
PouchDB.on('destroyed', n => dbs.delete(n));             // a reader may have opened it again while it was going
const names = () => PouchDB.allDbs();
app.use('/:db', async (req, res, next) => {               // db names, existence
  const n = req.params.db; if (n[0] === '_') return next();
  const sub = req.path !== '/';
  if (!/^[a-z][a-z0-9_$()+\/-]*$/.test(n)) return J(res, 400, { error: 'illegal_database_name', reason: `Name: '${n}'. Only lowercase characters (a-z), digits (0-9), and any of the characters _, $, (, ), +, -, and / are allowed. Must begin with a letter.` });
  if (req.method === 'DELETE' && !sub) { dbs.delete(n); if (!(await names()).includes(n)) return J(res, 404, { error: 'not_found', reason: 'Database does not exist.' }); }
  next();
});
app.post(/^\/[a-z][^/]*\/?(_bulk_docs|_find|_index|_all_docs|_bulk_get)?$/, (req, res, next) =>
  /^application\/json/.test(req.headers['content-type'] || '') ? next() : J(res, 415, { error: 'bad_content_type', reason: 'Content-Type must be application/json' }));
const exists = async n => (await names()).includes(n);
app.post('/:db/_find', body, async (req, res, next) => {  // limit 25, bookmarks, no $gt+limit off-by-n
  if (!req.body || typeof req.body !== 'object' || !(await exists(req.params.db))) return next();
  const b = req.body, want = b.limit === undefined ? 25 : b.limit;
  let off = b.skip || 0;
  if (b.bookmark && b.bookmark !== 'nil') { const m = /^p(\d+)$/.exec(b.bookmark); if (!m) return J(res, 400, { error: 'invalid_bookmark', reason: `Invalid bookmark value: "${b.bookmark}"` }); off = +m[1]; }
  delete b.bookmark; delete b.skip; b.limit = 1e9;
  const send = res.send.bind(res);
  res.send = s => { try { const o = JSON.parse(s); if (o.docs) { o.docs = o.docs.slice(off, off + want); o.bookmark = o.docs.length ? 'p' + (off + o.docs.length) : 'nil'; s = JSON.stringify(o) + '\n'; } } catch (e) {} return send(s); };
  next();
});
const isDoc = id => id && (id[0] !== '_' || /^_(design|local)\/[^/]+$/.test(id));
app.all('/:db/:id(*)', async (req, res, next) => {        // If-Match, ETag, DELETE rules
  const { db, id } = req.params; if (db[0] === '_' || !isDoc(id) || !(await exists(db))) return next();
  const m = req.headers['if-match']; if (m) { delete req.headers['if-match']; req.query.rev = req.query.rev || m.replace(/^"|"$/g, ''); }
  const inm = req.headers['if-none-match']; delete req.headers['if-none-match'];
  if (req.method === 'GET' || req.method === 'HEAD') {
    if (!Object.keys(req.query).length) { const d = await open(db).get(id).catch(() => null); if (d) { res.set('ETag', `"${d._rev}"`); if (inm === `"${d._rev}"`) return res.status(304).end(); } }
  } else if (req.method === 'DELETE') {
    const d = await open(db).get(id).catch(e => e);
    if (!d._id) return J(res, 404, { error: 'not_found', reason: d.reason || 'missing' });
    if (req.query.rev !== d._rev) return J(res, 409, { error: 'conflict', reason: 'Document update conflict.' });
  } else if (req.method === 'PUT' && !/^[1-9]/.test(req.headers['content-length'] || '') && !req.headers['transfer-encoding']) return J(res, 400, { error: 'bad_request', reason: 'invalid UTF-8 JSON' });
  next();
});
app.all('/:db/_changes', body, async (req, res, next) => { // own feeds: timeout, heartbeat, _selector, close
  const { db } = req.params, q = req.query; if (!(await exists(db))) return next();
  const o = { since: q.since === 'now' ? 'now' : /^\d+$/.test(q.since || '0') ? +(q.since || 0) : null, include_docs: q.include_docs === 'true', descending: q.descending === 'true' };
  if (o.since === null) return J(res, 400, { error: 'bad_request', reason: "Malformed sequence supplied in 'since' parameter." });
  if (q.filter === '_selector') o.selector = (req.body || {}).selector; else if (q.filter === '_doc_ids') o.doc_ids = (req.body || {}).doc_ids; else if (q.filter) return next();
  if (q.limit) o.limit = Math.max(1, +q.limit);
  const feed = q.feed || 'normal', d = open(db), fix = c => ({ seq: c.seq, id: c.id, changes: c.changes, deleted: c.deleted, doc: c.doc });
  try {
    if (feed === 'normal') { const r = await d.changes(o); return J(res, 200, { results: r.results.map(fix), last_seq: r.last_seq, pending: 0 }); }
    res.type('application/json'); res.flushHeaders(); if (feed === 'longpoll') res.write('{"results":[\n');
    if (o.since === 'now') o.since = (await d.info()).update_seq;
    if (feed === 'longpoll') { const r = await d.changes(o); if (r.results.length) return res.end(r.results.map(c => JSON.stringify(fix(c))).join(',\n') + `\n],\n"last_seq":${r.last_seq},"pending":0}\n`); }
    let last = o.since, done = false, n = 0, timer;
    const hb = q.heartbeat ? setInterval(() => res.write('\n'), q.heartbeat === 'true' ? 60000 : +q.heartbeat) : null;
    const ch = d.changes({ ...o, live: true, limit: undefined });
    const end = tail => { if (done) return; done = true; clearInterval(hb); clearTimeout(timer); ch.cancel(); res.end(tail); };
    const arm = () => { clearTimeout(timer); if (!hb) timer = setTimeout(() => end(feed === 'longpoll' ? `],\n"last_seq":${last},"pending":0}\n` : `{"last_seq":${last},"pending":0}\n`), Math.min(+(q.timeout || 60000), 60000)); };
    ch.on('change', c => { if (done) return; last = c.seq; if (feed === 'longpoll') end(JSON.stringify(fix(c)) + `\n],\n"last_seq":${c.seq},"pending":0}\n`); else { res.write(JSON.stringify(fix(c)) + '\n'); arm(); if (o.limit && ++n >= o.limit) end(''); } });
    ch.on('error', () => end('')); arm(); res.on('close', () => end(''));
  } catch (e) { if (!res.headersSent) J(res, e.status || 500, { error: e.name, reason: e.reason || e.message }); else res.end(); }
});
const log = path.join(process.cwd(), 'log.txt');
// What databases there are is asked at each request; express-pouchdb would look it up in a database each time.
const known = new Set('data' in options ? fs.readdirSync(options.data) : []);
PouchDB.on('created', n => { if (!n.includes('-mrview-')) known.add(n); });
PouchDB.on('destroyed', n => known.delete(n));
PouchDB.allDbs = told => { const all = [...known].sort(); if (told) told(null, all); return Promise.resolve(all); };
const ep = require('express-pouchdb')(PouchDB, { inMemoryConfig: true, logPath: log, overrideMode: { exclude: ['routes/fauxton'] } });
app.use('/', ep);
const listening = url => console.log(`listening on ${url} (PouchDB ${PouchDB.version})`);
const server = http.createServer(app);
server.listen(port, '127.0.0.1', () => {
  const own = server.address().port, plain = `http://127.0.0.1:${own}/`;
  if (options.tls) require('./front')(...options.tls.split(','), own, url => { listening(url); listening(plain); }); else listening(plain);
});
process.stdin.on('end', () => process.exit(0)).resume();  // no server outlives the tests that started it
