/** The declarations of the settings of a run; the comments that editors show contain defaults and bounds. */
import * as z from 'zod';
import { VARIANTS } from '../../training/models/registry.ts';
import { ChoiceConfig } from '../../training/optimizers/create.ts';
import { PreparationConfig } from '../../training/optimizers/preparation.ts';
import { OPTIMIZERS } from '../../training/optimizers/registry.ts';
import { SCHEDULES } from '../../training/schedules/registry.ts';
import { TrainingConfig } from '../../training/settings.ts';
import { valueText } from '../measure/docs/settings.ts';
import { valuesText } from '../measure/docs/types.ts';
import { declaredType, readonlyText } from './declaredType.ts';

/**
 * Returns interfaces, which replace the types that are inferred from zod's schemas and have no comments:
 * `TrainingSettings` for the settings of every run, `VariantSettings` for those of each variant.
 */
export function settingDeclarations(): string {
  const choices = Object.entries({ optimizer: OPTIMIZERS, schedule: SCHEDULES }).flatMap(([kind, registry]) =>
    Object.entries(registry).map(([name, { config }]) => ({ condition: `\`${kind}: '${name}'\``, config })),
  );
  const common = [TrainingConfig, ChoiceConfig, PreparationConfig].flatMap((schema) => membersOf(schema));
  const variants = Object.entries(VARIANTS).map(
    ([name, { summary, config }]) =>
      `  /** ${sentence(summary)} */\n  readonly ${JSON.stringify(name)}: {\n${membersOf(config, 4)
        .map(({ text }) => text)
        .join('')}  };\n`,
  );
  return [
    '/** Settings of every run: epochs, held-out shares, thresholds, optimizer and schedule. */',
    `export interface TrainingSettings {\n${[...common, ...conditionalMembers(choices)].map(({ text }) => text).join('')}}\n`,
    "/** Each variant's own settings, by its name. */",
    `export interface VariantSettings {\n${variants.join('')}}\n`,
  ].join('\n');
}

interface Member {
  readonly name: string;
  readonly text: string;
}

function membersOf(schema: z.ZodType, indent = 2, condition?: string): Member[] {
  const { properties = {} } = z.toJSONSchema(schema, { io: 'input' });
  return Object.entries(properties).map(([name, property]) => ({
    name,
    text: settingText(name, property as z.core.JSONSchema.BaseSchema, indent, condition),
  }));
}

/**
 * Returns the settings that only some optimizers or schedules have, each once: a setting has the same type in
 * all of them.
 */
function conditionalMembers(choices: readonly { condition: string; config: z.ZodType }[]): Member[] {
  const owners = new Map<string, string[]>();
  for (const { condition, config } of choices) {
    for (const { name } of membersOf(config)) owners.set(name, [...(owners.get(name) ?? []), condition]);
  }
  return [...owners].map(([name, conditions]) => {
    const { config } = choices.find(({ config }) =>
      membersOf(config).some((member) => member.name === name),
    )!;
    return membersOf(config, 2, conditions.join(', ')).find((member) => member.name === name)!;
  });
}

function settingText(
  name: string,
  schema: z.core.JSONSchema.BaseSchema,
  indent: number,
  condition: string | undefined,
): string {
  const space = ' '.repeat(indent);
  const lines = [
    sentence(schema.description ?? ''),
    ...(condition === undefined ? [] : [`With ${condition}.`]),
    `Default: ${valueText(schema.default)}. Values: ${valuesText(schema)}.`,
  ].map((line) => `${space} * ${withoutLinks(line)}\n`);
  const { description: _, ...type } = schema;
  return `${space}/**\n${lines.join('')}${space} */\n${space}readonly ${name}?: ${readonlyText(declaredType(type, indent + 2))} | undefined;\n`;
}

function sentence(text: string): string {
  const capital = text.charAt(0).toUpperCase() + text.slice(1);
  return /[.!?]$/.test(capital) ? capital : `${capital}.`;
}

/** Replaces `[words](address)` by `words`: relative addresses do not work in an editor. */
function withoutLinks(text: string): string {
  return text.replaceAll(/\[([^\]]*)\]\([^)]*\)/g, '$1').replaceAll('*/', '*\\/');
}
