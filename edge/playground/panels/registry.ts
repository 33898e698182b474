/** Every panel, in the order of the tabs, by its name in the address. The first that fits a model is opened. */
import type { ModelDescription } from '../../../shared/api.ts';
import { kindOf } from '../model.ts';
import { About } from './About.tsx';
import { Draw } from './images/Draw.tsx';
import { Interpolate } from './images/Interpolate.tsx';
import { Walk } from './images/Walk.tsx';
import { Recommend } from './items/Recommend.tsx';
import { LazyMap } from './map/LazyMap.tsx';
import type { Panel } from './panel.ts';
import { Series } from './series/Series.tsx';
import { File } from './table/File.tsx';
import { Form } from './table/Form.tsx';

export const PANELS = {
  draw: { title: 'Draw', kinds: ['images'], needs: ['encode', 'decode', 'reconstruct'], View: Draw },
  walk: { title: 'Latent walk', kinds: ['images'], needs: ['decode', 'sample'], View: Walk },
  interpolate: { title: 'Interpolate', kinds: ['images'], needs: ['interpolate'], View: Interpolate },
  row: { title: 'Try a row', kinds: ['table'], needs: [], View: Form },
  file: { title: 'Score a file', kinds: ['table'], needs: ['score'], View: File },
  series: { title: 'Series', kinds: ['series'], needs: [], View: Series },
  recommend: { title: 'Recommend', kinds: ['items'], needs: ['recommend'], View: Recommend },
  map: { title: 'Map', needs: ['encode'], View: LazyMap },
  about: { title: 'About', needs: [], View: About },
} as const satisfies Record<string, Panel>;

export type PanelName = keyof typeof PANELS;

/** Returns the panels that fit a model, in order: at least `about`. */
export function panelsFor(model: ModelDescription): PanelName[] {
  const kind = kindOf(model);
  return (Object.entries(PANELS) as [PanelName, Panel][]).flatMap(([name, { kinds, needs }]) =>
    (kinds?.includes(kind) ?? true) && needs.every((each) => model.operations.includes(each)) ? [name] : [],
  );
}
