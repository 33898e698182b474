/** The points, drawn by WebGL. This module is loaded when a map is opened: deck.gl is larger than all the rest. */
import { Deck, OrthographicView, type OrthographicViewState } from '@deck.gl/core';
import { ScatterplotLayer } from '@deck.gl/layers';
import type { Box, Place } from './geometry.ts';

/** A ring around a place; black on white, which is seen on points of every colour. */
export interface Mark extends Place {
  /** In pixels. */
  readonly radius: number;
}

export interface Scene {
  readonly show: (coordinates: Float32Array, colours: Uint8Array, marks: readonly Mark[]) => void;
  /** Moves the view to a box. */
  readonly fit: (box: Box) => void;
  /** Moves the view by a share of its width, and changes its scale by a power of two. */
  readonly move: (right: number, up: number, zoom?: number) => void;
  /** What is in view. */
  readonly box: () => Box;
  /** The place of the map under a pixel of the element. */
  readonly placeAt: (pixel: Place) => Place;
  /** True while dragging moves the view. */
  readonly setMovable: (isMovable: boolean) => void;
  readonly dispose: () => void;
}

interface SceneOptions {
  readonly onMove: () => void;
  readonly onError: (error: Error) => void;
}

interface View {
  readonly target: readonly [number, number];
  /** Binary logarithm of the pixels of a unit. */
  readonly zoom: number;
}

const CONTROLS = { dragRotate: false, touchRotate: false, keyboard: false, doubleClickZoom: true } as const;

export function createScene(parent: HTMLDivElement, { onMove, onError }: SceneOptions): Scene {
  let view: View = { target: [0, 0], zoom: 0 };
  const look = (next: View) => {
    view = next;
    deck.setProps({ viewState: viewState() });
    onMove();
  };
  const viewState = (): OrthographicViewState => ({
    target: [...view.target],
    ...{ zoom: view.zoom, minZoom: -30, maxZoom: 30 },
  });
  const deck = new Deck<OrthographicView>({
    parent,
    views: new OrthographicView({ id: 'map', flipY: false }),
    viewState: viewState(),
    controller: CONTROLS,
    onViewStateChange: ({ viewState: { target, zoom } }) => {
      const [x = 0, y = 0] = target as number[];
      look({ target: [x, y], zoom: Array.isArray(zoom) ? zoom[0] : (zoom as number) });
    },
    onError,
    layers: [],
  });
  const scale = () => 2 ** view.zoom;
  const size = () => ({ width: parent.clientWidth, height: parent.clientHeight });
  return {
    show: (coordinates, colours, marks) => {
      const length = coordinates.length / 2;
      deck.setProps({
        layers: [
          new ScatterplotLayer({
            id: 'points',
            data: {
              length,
              attributes: {
                getPosition: { value: coordinates, size: 2 },
                getFillColor: { value: colours, size: 4, normalized: true },
              },
            },
            positionFormat: 'XY',
            radiusUnits: 'pixels',
            getRadius: 1,
            radiusScale: radiusFor(length, size().width),
            antialiasing: length < 20_000,
          }),
          ...RINGS.map((ring) => rings(marks, ring)),
        ],
      });
    },
    fit: ({ left, right, bottom, top }) => {
      const { width, height } = size();
      look({
        target: [(left + right) / 2, (bottom + top) / 2],
        zoom: Math.log2(Math.min(width / (right - left), height / (top - bottom))),
      });
    },
    move: (right, up, zoom = 0) => {
      const step = size().width / scale();
      const [x, y] = view.target;
      look({ target: [x + right * step, y + up * step], zoom: view.zoom + zoom });
    },
    box: () => {
      const { width, height } = size();
      const [x, y] = view.target;
      const [across, up] = [width / 2 / scale(), height / 2 / scale()];
      return { left: x - across, right: x + across, bottom: y - up, top: y + up };
    },
    placeAt: ({ x, y }) => {
      const { width, height } = size();
      const [centreX, centreY] = view.target;
      return { x: centreX + (x - width / 2) / scale(), y: centreY - (y - height / 2) / scale() };
    },
    setMovable: (isMovable) => deck.setProps({ controller: isMovable ? CONTROLS : false }),
    dispose: () => deck.finalize(),
  };
}

/** Pixels: many points, and those of a narrow map, are small, so that what they form is seen. */
const radiusFor = (count: number, width: number) =>
  Math.min(6, Math.max(1.5, (0.3 * width) / Math.sqrt(count)));

const RINGS = [
  { id: 'halo', colour: [255, 255, 255], width: 7 },
  { id: 'ring', colour: [0, 0, 0], width: 3 },
] as const;

const rings = (marks: readonly Mark[], { id, colour, width }: (typeof RINGS)[number]) =>
  new ScatterplotLayer<Mark>({
    id,
    data: [...marks],
    positionFormat: 'XY',
    radiusUnits: 'pixels',
    lineWidthUnits: 'pixels',
    filled: false,
    stroked: true,
    getLineWidth: width,
    getPosition: ({ x, y }) => [x, y],
    getRadius: ({ radius }) => radius,
    getLineColor: [...colour],
  });
