/** Architecture diagram, laid out by Graphviz. */
import { Graphviz } from '@hpcc-js/wasm-graphviz';
import type { DiagramLayer, Evaluation } from '../evaluate/evidence/evaluation.ts';
import { count } from './format.ts';
import { COLOURS } from './theme.ts';

export interface Diagram {
  readonly svg: string;
  /** In pixels. */
  readonly width: number;
}

const { ink, muted, line, accent, fill } = COLOURS;
/** Most operators named in one box. */
const MAX_OPERATORS = 3;

/** Draws encoder and decoder from left to right (`LR`) or from top to bottom (`TB`). */
export async function drawDiagram(
  { encoder, decoder }: Evaluation['layers'],
  direction: 'LR' | 'TB',
): Promise<Diagram> {
  const graphviz = await Graphviz.load();
  const font = 'fontname="Helvetica,Arial,sans-serif"';
  const dot = `digraph {
rankdir=${direction}; bgcolor=transparent; nodesep=0.25; ranksep=0.3; pad=0.05; ${font}; fontcolor="${muted.light}"; fontsize=11;
node [shape=box, style="rounded,filled", color="${accent.light}", fillcolor="${fill.light}", fontcolor="${ink.light}", ${font}, fontsize=11, margin="0.16,0.08"];
edge [color="${muted.light}", arrowsize=0.6];
${part('encoder', encoder)}
${part('decoder', decoder)}
${ends(encoder)
  .map((i) => `encoder_${i} -> decoder_0;`)
  .join('\n')}
}`;
  const svg = graphviz.dot(dot);
  const start = svg.indexOf('<svg');
  const width = (Number(/width="([\d.]+)pt"/.exec(svg)![1]) * 4) / 3;
  return {
    width,
    svg: svg
      .slice(start)
      .replace(/ id="[^"]*"/g, '')
      .replace(/<!--.*?-->\n?/gs, '')
      .replace(/<title>.*?<\/title>\n?/gs, '')
      .trimEnd(),
  };
}

function part(name: string, layers: readonly DiagramLayer[]): string {
  const boxes = layers.map((layer, i) => `${name}_${i} [label="${label(layer)}"];`);
  const edges = layers.flatMap(({ from }, i) => from.map((each) => `${name}_${each} -> ${name}_${i};`));
  return `subgraph cluster_${name} { label="${name}"; color="${line.light}"; style=rounded; margin=10;
${[...boxes, ...edges].join('\n')}
}`;
}

/** Label of a box: name, operators, shape and parameters; `\n` is a line break of Graphviz. */
function label({ name, operators, shape, parameters }: DiagramLayer): string {
  const shown = operators.length > MAX_OPERATORS ? [...operators.slice(0, MAX_OPERATORS), '…'] : operators;
  const size = parameters > 0 ? `${count(parameters)} parameters` : '';
  const lines = [name, shown.join(' + '), `[${shape.join(', ')}]`, size].filter((line) => line !== '');
  return lines.map((line) => line.replace(/["\\]/g, '\\$&')).join('\\n');
}

/** Indices of the layers that no other layer takes: the outputs of the encoder. */
function ends(layers: readonly DiagramLayer[]): number[] {
  const taken = new Set(layers.flatMap(({ from }) => from));
  return layers.map((_, i) => i).filter((i) => !taken.has(i));
}
