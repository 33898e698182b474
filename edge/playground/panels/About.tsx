import { short } from '../model.ts';
import type { PanelProps } from './panel.ts';

/** What is known about a model: figures on held-out rows next to baselines, and facts. */
export function About({ model }: PanelProps) {
  const { metrics, baselines, features, parity } = model;
  const others = Object.keys(baselines);
  const facts = {
    variant: model.variant,
    version: model.version,
    trained: new Date(model.createdAt).toLocaleString('en', { dateStyle: 'medium', timeStyle: 'short' }),
    features: `${features.count.toLocaleString('en')} (${features.rowShape.join(' × ')})`,
    code: model.codeSize === 0 ? 'none' : `${model.codeSize} numbers`,
    operations: model.operations.join(', '),
    parity: `${parity.maxScaledDifference.toExponential(1)} between training and this runtime, over ${parity.rows} rows`,
  };
  return (
    <>
      <p class="lead">
        Figures on rows that training has not seen, next to those of simpler methods on the same rows.
      </p>
      <section class="scroll" tabindex={0} aria-label="Figures">
        <table>
          <thead>
            <tr>
              <th scope="col">metric</th>
              <th scope="col">this model</th>
              {others.map((name) => (
                <th scope="col" key={name}>
                  {name}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {Object.entries(metrics).map(([metric, value]) => (
              <tr key={metric}>
                <th scope="row">{metric}</th>
                <td class="right strong">{short(value)}</td>
                {others.map((name) => (
                  <td class="right" key={name}>
                    {baselines[name]![metric] === undefined ? '' : short(baselines[name]![metric])}
                  </td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </section>
      <dl class="facts">
        {Object.entries(facts).map(([name, value]) => (
          <>
            <dt key={name}>{name}</dt>
            <dd>{value}</dd>
          </>
        ))}
      </dl>
    </>
  );
}
