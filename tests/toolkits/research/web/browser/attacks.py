"""Scripts that try all that a browser can do to reach a machine it may not, or a file."""

_SPELLINGS = (
    "127.0.0.1",
    "localhost",
    "127.1",
    "2130706433",
    "0x7f000001",
    "0177.0.0.1",
    "[::1]",
    "[::ffff:127.0.0.1]",
    "0.0.0.0",
    "a.localhost",
)
_ATTACKS = """
const port = PORT, hosts = [HOSTS];
const quiet = (work) => { try { const done = work(); if (done && done.catch) done.catch(() => 0) } catch (e) {} };
const add = (name, values) => quiet(() => {
  const made = Object.assign(document.createElement(name), values); document.body.append(made); return made });
for (const host of hosts) {
  const at = `${host}:${port}`;
  quiet(() => fetch(`http://${at}/fetch`, {mode: 'no-cors'}));
  quiet(() => fetch(`https://${at}/tls`, {mode: 'no-cors'}));
  add('iframe', {src: `http://${at}/frame`});
  add('script', {src: `http://${at}/script`});
  quiet(() => new WebSocket(`ws://${at}/socket`));
}
const here = `127.0.0.1:${port}`;
for (const way of ['fetch', 'frame'])
  way === 'fetch' ? quiet(() => fetch('/hop-fetch', {mode: 'no-cors'})) : add('iframe', {src: '/hop-frame'});
quiet(() => fetch('http://inner.example:8080/', {mode: 'no-cors'}));
quiet(() => navigator.sendBeacon(`http://${here}/beacon`, 'x'));
quiet(() => new EventSource(`http://${here}/events`));
quiet(() => new WebSocket(`wss://${here}/socket`));
quiet(() => new Worker(URL.createObjectURL(new Blob([`fetch('http://${here}/worker', {mode: 'no-cors'})`]))));
quiet(() => open(`http://${here}/window`));
add('link', {rel: 'stylesheet', href: `http://${here}/style`});
add('link', {rel: 'preconnect', href: `http://${here}/`});
add('link', {rel: 'dns-prefetch', href: `http://inner.example/`});
add('object', {data: `http://${here}/object`});
add('video', {src: `http://${here}/video`, preload: 'auto'});
add('img', {src: `http://${here}/picture`});
add('a', {href: `http://${here}/download`, download: 'x'}).click?.();
setTimeout(() => { document.getElementById('a').textContent = 'all tried' }, 6000);
"""
_CALLS = """
const here = '127.0.0.1:PORT', told = (what) => { document.getElementById('a').append(what) };
const servers = [`stun:${here}`, `turn:${here}?transport=udp`, `turn:${here}?transport=tcp`, `turns:${here}`];
const peer = new RTCPeerConnection({iceServers: servers.map((urls) => ({urls, username: 'u', credential: 'c'}))});
peer.onicecandidate = (event) => told(event.candidate ? 'candidate ' : 'gathered ');
peer.createDataChannel('x');
peer.createOffer().then((offer) => peer.setLocalDescription(offer));
new WebTransport(`https://${here}/`).ready.catch(() => told('no transport '));
let turn = 0;
const all = () => ['gathered', 'transport'].every((word) => document.getElementById('a').textContent.includes(word));
const wait = () => fetch(`/wait${turn++}`).then(() => turn < 60 || (turn < 2000 && !all()) ? wait() : told('waited '));
wait();
"""
_READS = """
const told = (what) => { document.getElementById('a').append(String(what)) };
for (const url of ['URL', '/hop', 'view-source:URL', 'filesystem:URL']) {
  fetch(url).then((answer) => answer.text()).then(told).catch(() => 0);
  try {
    const asked = new XMLHttpRequest();
    asked.onload = () => told(asked.responseText);
    asked.open('GET', url);
    asked.send();
  } catch (e) {}
  const frame = document.createElement('iframe');
  frame.onload = () => { try { told(frame.contentDocument.documentElement.outerHTML) } catch (e) {} };
  frame.src = url;
  document.body.append(frame);
  const script = document.createElement('script');
  script.onload = () => told(window.told);
  script.src = url;
  document.body.append(script);
  import(url).then(() => told(window.told)).catch(() => 0);
}
"""


def attacks_on(port: int) -> str:
    """Returns a script that knocks at a port of this machine in every way, and says when it has."""
    return _ATTACKS.replace("PORT", str(port)).replace("HOSTS", ", ".join(map(repr, _SPELLINGS)))


def calls_to(port: int) -> str:
    """Returns a script that speaks UDP to a port of this machine where it can, and waits for what comes of it."""
    return _CALLS.replace("PORT", str(port))


def reads_of(url: str) -> str:
    """Returns a script that writes what it can read of a file into its page."""
    return _READS.replace("URL", url)
