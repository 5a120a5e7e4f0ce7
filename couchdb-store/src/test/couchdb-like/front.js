// TLS, and HTTP/2 with clients that speak it, in front of a plain HTTP/1 server on this machine
const http = require('http'), http2 = require('http2'), fs = require('fs');
const OF_A_CONNECTION = new Set(['connection', 'keep-alive', 'transfer-encoding', 'upgrade', 'proxy-connection', 'host']);
const passedOn = headers => Object.fromEntries(Object.entries(headers).filter(([name]) => name[0] !== ':' && !OF_A_CONNECTION.has(name)));
module.exports = (keyFile, certificateFile, port, listening) => {
  const tls = { key: fs.readFileSync(keyFile), cert: fs.readFileSync(certificateFile), allowHTTP1: true };
  const front = http2.createSecureServer(tls, (request, response) => {
    const behind = http.request({ host: '127.0.0.1', port, method: request.method, path: request.url, headers: passedOn(request.headers) }, answer => {
      response.writeHead(answer.statusCode, passedOn(answer.headers)); answer.pipe(response);
    });
    behind.on('error', () => response.stream ? response.stream.close() : response.destroy());
    response.on('close', () => behind.destroy());
    request.pipe(behind);
  });
  front.on('sessionError', () => {}); front.on('tlsClientError', () => {});
  front.listen(0, '127.0.0.1', () => listening(`https://127.0.0.1:${front.address().port}/`));
};
