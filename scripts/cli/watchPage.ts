/** A page on this machine that draws the losses of a run while it trains, sent to it as server-sent events. */
import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Epoch } from '../../training/fitting/fit.ts';
import type { HistoryWriter } from '../../training/fitting/history.ts';
import { html, raw } from '../../training/report/html.ts';
import { STYLE } from '../../training/report/theme.ts';

export interface WatchPage extends HistoryWriter {
  /** Address of the page, on 127.0.0.1. */
  readonly url: string;
  /** Tells the pages that training has ended, and stops serving them; what they show stays. */
  readonly close: () => void;
}

/** Serves the page on a free port. Whoever opens it later sees the earlier epochs, too. */
export async function watchPage(model: string, epochs: number): Promise<WatchPage> {
  const known: Epoch[] = [];
  const readers = new Set<ServerResponse>();
  const send = (reader: ServerResponse, epoch: Epoch) => reader.write(`data: ${JSON.stringify(epoch)}\n\n`);
  const page = pageOf(model, epochs);
  const server = createServer((request, response) => {
    // Another name for this machine may be that of a page elsewhere, which must not read what is sent here.
    if (!/^(127\.0\.0\.1|localhost)(:\d+)?$/.test(request.headers.host ?? '')) response.writeHead(403).end();
    else if (request.url === '/') response.writeHead(200, { 'Content-Type': 'text/html' }).end(page);
    else if (request.url === '/events') {
      response.writeHead(200, {
        'Content-Type': 'text/event-stream',
        'Cache-Control': 'no-store',
        Connection: 'close',
      });
      for (const epoch of known) send(response, epoch);
      readers.add(response);
      response.once('close', () => readers.delete(response));
    } else response.writeHead(404).end();
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject).listen(0, '127.0.0.1', resolve);
  });
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`,
    onStart: (history) => {
      for (const epoch of history) known.push(epoch);
    },
    onEpoch: (epoch) => {
      known.push(epoch);
      for (const reader of readers) send(reader, epoch);
    },
    close: () => {
      for (const reader of readers) reader.end('event: end\ndata: {}\n\n');
      server.close();
      server.closeIdleConnections();
    },
  };
}

const POLICY =
  "default-src 'none'; connect-src 'self'; style-src 'unsafe-inline'; script-src 'unsafe-inline'";

function pageOf(model: string, epochs: number): string {
  return html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="${POLICY}">
<title>${model}</title>
<style>${raw(STYLE)}</style>
</head>
<body>
<header><h1>${model} <small>training</small></h1><p id="state" role="status">Waiting for the first of ${epochs} epochs.</p></header>
<main><section class="wide"><h2>Loss per epoch</h2>
<p class="note"><span style="color:var(--accent)">training</span> <span id="train"></span> · <span style="color:var(--second)">validation</span> <span id="validation"></span></p>
<svg viewBox="0 0 600 240" preserveAspectRatio="none" role="img" aria-label="Training and validation loss per epoch" style="width:100%;height:min(24rem,60vh)">
<polyline id="train-line" fill="none" stroke="var(--accent)" stroke-width="2" vector-effect="non-scaling-stroke"/>
<polyline id="validation-line" fill="none" stroke="var(--second)" stroke-width="2" vector-effect="non-scaling-stroke"/>
</svg>
<p class="note" id="range"></p></section></main>
<script>${raw(DRAW)}</script>
</body>
</html>
`.markup.replace('EPOCHS', String(epochs));
}

/** Draws both curves from the lowest to the highest loss, and the epochs from the first to the last that may come. */
const DRAW = `
const history = [];
const epochs = EPOCHS;
const element = (id) => document.getElementById(id);
const draw = () => {
  const losses = history.flatMap(({ train, validation }) => [train.loss, validation.loss]);
  const [low, high] = [Math.min(...losses), Math.max(...losses)];
  for (const part of ['train', 'validation']) {
    const points = history.map((each) => [
      5 + (590 * (each.epoch - 1)) / Math.max(1, epochs - 1),
      235 - (230 * (each[part].loss - low)) / (high - low || 1),
    ]);
    element(part + '-line').setAttribute('points', points.map((point) => point.join()).join(' '));
    element(part).textContent = history.at(-1)[part].loss.toPrecision(4);
  }
  element('range').textContent = 'from ' + low.toPrecision(4) + ' to ' + high.toPrecision(4);
  element('state').textContent = 'Epoch ' + history.at(-1).epoch + ' of ' + epochs + '.';
};
const events = new EventSource('/events');
events.onmessage = ({ data }) => {
  history.push(JSON.parse(data));
  draw();
};
events.addEventListener('end', () => {
  events.close();
  element('state').textContent += ' Training has ended.';
});
events.onerror = () => {
  events.close();
  element('state').textContent += ' The command has ended.';
};`;
