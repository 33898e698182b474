import type { ModelDescription } from '../../../shared/api.ts';
import { baselineName, isMember, metricMeaning, metricName, pcaCopies } from '../../../shared/figureNames.ts';
import { betterOf } from '../../../shared/metricDirection.ts';
import { isRival, short } from '../model.ts';
import type { PanelProps } from './panel.ts';

/** What is known about a model: figures on held-out rows next to baselines, and facts. */
export function About({ model }: PanelProps) {
  const { metrics, features, parity } = model;
  const facts = {
    variant: model.variant,
    version: model.version,
    trained: new Date(model.createdAt).toLocaleString('en', { dateStyle: 'medium', timeStyle: 'short' }),
    features: `${features.count.toLocaleString('en')}${features.rowShape.length > 1 ? ` (${features.rowShape.join(' × ')})` : ''}`,
    code: model.codeSize === 0 ? 'none' : `${model.codeSize} numbers`,
    operations: model.operations.join(', '),
    parity: `this Worker's answers differ by at most ${parity.maxScaledDifference.toExponential(1)} of the largest value from those in training, over ${parity.rows} rows`,
  };
  return (
    <>
      <p class="lead">
        Figures on rows that training has not seen, next to those of simpler methods on the same rows. The
        best of each line is bold
        {pcaCopies(model.baselines) &&
          ', but for the error of PCA, which has as many components as there are columns and merely copies the rows'}
        .
      </p>
      <section class="scroll" tabindex={0} aria-label="Figures">
        <table class="metrics">
          <Figures model={model} />
        </table>
      </section>
      {Object.keys(model.baselines).some(isMember) && (
        <p class="faint">The score of this model joins its parts; each is measured alone, too.</p>
      )}
      <dl class="facts">
        {Object.entries(facts).map(([name, value]) => (
          <>
            <dt key={name}>{name}</dt>
            <dd>{value}</dd>
          </>
        ))}
      </dl>
      {Object.keys(metrics).length === 0 && <p class="faint">There are no figures: it came without rows.</p>}
    </>
  );
}

function Figures({ model: { metrics, baselines } }: { readonly model: ModelDescription }) {
  const others = Object.entries(baselines);
  return (
    <>
      <thead>
        <tr>
          <th scope="col">metric</th>
          <th scope="col">this model</th>
          {others.map(([name]) => (
            <th scope="col" key={name}>
              {baselineName(name)}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {Object.entries(metrics).map(([metric, own]) => {
          const values = [own, ...others.map(([, { [metric]: its }]) => its)];
          const rivals = others.filter(([name]) => isRival(name, metric, baselines));
          const best = bestOf(metric, [own, ...rivals.map(([, { [metric]: its }]) => its)]);
          const better = betterOf(metric);
          return (
            <tr key={metric}>
              <th scope="row">
                {metricName(metric)}
                <span class="faint">
                  {[metricMeaning(metric), better && `${better} is better`].filter(Boolean).join('; ')}
                </span>
              </th>
              {values.map((value, i) => (
                <td class={value !== undefined && value === best ? 'right strong' : 'right'} key={i}>
                  {value === undefined ? '' : short(value)}
                </td>
              ))}
            </tr>
          );
        })}
      </tbody>
    </>
  );
}

/** Returns the best of some values; undefined if there is only one, or if none is better than another. */
function bestOf(metric: string, values: readonly (number | undefined)[]): number | undefined {
  const known = values.filter((value) => value !== undefined);
  const better = betterOf(metric);
  if (known.length < 2 || better === undefined) return undefined;
  return better === 'lower' ? Math.min(...known) : Math.max(...known);
}
