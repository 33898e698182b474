import { figure } from '../format.ts';
import { html } from '../html.ts';
import type { Section } from '../section.ts';

/** How people call the baselines. */
const NAMES: Readonly<Record<string, (codeSize: number) => string>> = {
  pca: (codeSize) => `PCA, ${codeSize} components`,
  untrained: () => 'the untrained network',
};

export const baselines: Section = {
  title: 'Baselines',
  render: ({ manifest }) => {
    const { metrics, codeSize } = manifest;
    const others = Object.entries(manifest.baselines).flatMap(([name, { mse }]) =>
      mse === undefined ? [] : [{ name: NAMES[name]?.(codeSize) ?? name, mse }],
    );
    const all = [{ name: 'this model', mse: metrics.mse! }, ...others];
    const largest = Math.max(...all.map(({ mse }) => mse));
    const compared = all.map(
      ({ name, mse }) => html`<tr><th scope="row">${name}</th><td>${figure(mse)}</td>
<td class="bars"><span class="bar" style="width:${((100 * mse) / largest).toFixed(1)}%"></span></td></tr>`,
    );
    const own = Object.entries(metrics)
      .filter(([name]) => name !== 'mse')
      .map(([name, value]) => html`<tr><th scope="row">${name}</th><td>${figure(value)}</td></tr>`);
    return html`<p class="note">On the same test rows. No linear model of this code size does better than PCA.</p>
<table><thead><tr><td></td><th scope="col" colspan="2">mean squared error</th></tr></thead><tbody>${compared}</tbody></table>
${own.length === 0 ? undefined : html`<table><thead><tr><th scope="col">other metrics</th><td></td></tr></thead><tbody>${own}</tbody></table>`}`;
  },
};
