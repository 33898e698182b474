/** ROC and precision-recall curves, in the unit square. */
import type { Field, PositionFieldDef } from 'vega-lite/types_unstable/channeldef.js';
import type { MarkDef } from 'vega-lite/types_unstable/mark.js';
import type { OperatingCurve } from '../evaluate/metrics/detection.ts';
import { chart } from './charts.ts';
import type { Html } from './html.ts';
import { COLOURS } from './theme.ts';

export interface DetectionCurveOptions {
  readonly curve: OperatingCurve;
  readonly x: string;
  readonly y: string;
  /** End points of the line that chance would give. */
  readonly chance: readonly [readonly [number, number], readonly [number, number]];
  /** Point at the model's threshold; undefined if there are no alarms. */
  readonly threshold: readonly [number, number] | undefined;
}

export function detectionCurve(
  description: string,
  { curve, x, y, chance, threshold }: DetectionCurveOptions,
): Promise<Html> {
  const axis = (title: string, field: 'x' | 'y'): PositionFieldDef<Field> => ({
    field,
    type: 'quantitative',
    title,
    scale: { domain: [0, 1], nice: false },
    axis: { format: '.1~f' },
  });
  const layer = (points: readonly (readonly [number, number])[], mark: MarkDef) => ({
    data: { values: points.map(([right, up], order) => ({ x: right, y: up, order })) },
    mark,
    encoding: { x: axis(x, 'x'), y: axis(y, 'y'), order: { field: 'order', type: 'ordinal' as const } },
  });
  return chart(description, {
    layer: [
      layer(chance, { type: 'line', strokeDash: [4, 3], strokeWidth: 1, color: COLOURS.muted.light }),
      layer(curve.points, { type: 'line', strokeWidth: 2, color: COLOURS.accent.light }),
      ...(threshold === undefined
        ? []
        : [
            layer([threshold], {
              type: 'point',
              filled: true,
              size: 70,
              opacity: 1,
              color: COLOURS.ink.light,
            }),
          ]),
    ],
  });
}
