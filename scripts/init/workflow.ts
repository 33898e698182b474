/** The nightly job, `.github/workflows/retrain.yml`: of a new project, and of this repository. */

/** Actions are pinned by commit: a tag can be moved to other code. */
const CHECKOUT = 'actions/checkout@08eba0b27e820071cde6df949e0beb9ba4906955 # v4.3.0';
const SETUP_NODE = 'actions/setup-node@49933ea5288caeca8642d1e84afbd3f7d6820020 # v4.4.0';
const UPLOAD_ARTIFACT = 'actions/upload-artifact@ea165f8d65b6e75b540449e92b4886f43607fa02 # v4.6.2';

export interface RetrainWorkflow {
  /** Recipe that is trained if neither an input nor a variable names one. */
  readonly recipe: string;
  /** The beginning of a command line, for instance `npx latentedge retrain` for `retrain`. */
  readonly commandLine: (command: string) => string;
}

/**
 * Returns the text of the workflow. Recipe, name, data and flags come from the inputs of a run that is started by hand, else
 * from the repository's variables.
 */
export function retrainWorkflow({ recipe, commandLine }: RetrainWorkflow): string {
  return `# Every night, and by hand: trains a recipe and, if the model is no worse than the one in production, deploys it.
name: retrain

on:
  schedule:
    - cron: '17 3 * * *'
  workflow_dispatch:
    inputs:
      recipe:
        description: recipe to train, in place of the variable RECIPE; MODEL_NAME and DATA then do not count either
        default: ''
      name:
        description: name of the model, in place of the variable MODEL_NAME
        default: ''
      data:
        description: location of the data, in place of the variable DATA
        default: ''
      flags:
        description: further flags, separated by spaces, in place of the variable RETRAIN_FLAGS; for instance --accept quantiles
        default: ''
      dry-run:
        description: train and judge, but change nothing
        type: boolean
        default: false

# The lock in the bucket refuses a second run of the same model; this has it wait.
concurrency:
  group: retrain-\${{ inputs.name || (!inputs.recipe && vars.MODEL_NAME) || inputs.recipe || vars.RECIPE || '${recipe}' }}
  cancel-in-progress: false

permissions: {}

jobs:
  retrain:
    name: Train, judge and deploy
    runs-on: ubuntu-latest
    timeout-minutes: 120
    environment: production
    permissions:
      contents: read
    defaults:
      run:
        # Unlike the default, this shell reports a failure in front of a pipe.
        shell: bash
    env:
      RECIPE: \${{ inputs.recipe || vars.RECIPE || '${recipe}' }}
      # Those of the variables belong to the recipe of the variables.
      MODEL_NAME: \${{ inputs.name || (!inputs.recipe && vars.MODEL_NAME) || '' }}
      DATA: \${{ inputs.data || (!inputs.recipe && vars.DATA) || '' }}
      FLAGS: \${{ inputs.flags || vars.RETRAIN_FLAGS }}
      DRY_RUN: \${{ inputs.dry-run && '--dry-run' || '' }}
      CLOUDFLARE_ACCOUNT_ID: \${{ vars.CLOUDFLARE_ACCOUNT_ID }}
      LATENTEDGE_URL: \${{ vars.LATENTEDGE_URL }}
    steps:
      - uses: ${CHECKOUT}
        with:
          persist-credentials: false
      - uses: ${SETUP_NODE}
        with:
          node-version: 22
          cache: npm
      - run: npm ci
      # A gate that refuses the model ends this with exit code 3: the job fails, and production stays as it is.
      - name: Retrain
        env:
          CLOUDFLARE_API_TOKEN: \${{ secrets.CLOUDFLARE_API_TOKEN }}
          R2_ACCESS_KEY_ID: \${{ secrets.R2_ACCESS_KEY_ID }}
          R2_SECRET_ACCESS_KEY: \${{ secrets.R2_SECRET_ACCESS_KEY }}
          LATENTEDGE_API_KEY: \${{ secrets.LATENTEDGE_API_KEY }}
        run: |
${indented(retrainScript(commandLine('retrain')))}
      - name: History
        if: always()
        env:
          R2_ACCESS_KEY_ID: \${{ secrets.R2_ACCESS_KEY_ID }}
          R2_SECRET_ACCESS_KEY: \${{ secrets.R2_SECRET_ACCESS_KEY }}
        run: ${commandLine('deploy')} --history "\${MODEL_NAME:-$RECIPE}" | tail -n 40
      # Reports show rows and distributions of the data, so they are kept only where the variable KEEP_REPORT is "true".
      - if: always() && vars.KEEP_REPORT == 'true'
        uses: ${UPLOAD_ARTIFACT}
        with:
          name: report
          path: |
            artifacts/*/*/report.html
            artifacts/*/retrain/*.html
          if-no-files-found: ignore
`;
}

/** The step that retrains, as a script for bash. */
export function retrainScript(command: string): string {
  return `read -ra flags <<< "$FLAGS $DRY_RUN"
${command} "$RECIPE" \${MODEL_NAME:+--name "$MODEL_NAME"} \${DATA:+--data "$DATA"} --target cloudflare --canary 10 --watch 300 --few-answers promote --wait 600 "\${flags[@]}"`;
}

function indented(script: string): string {
  return script.replaceAll(/^/gm, '          ');
}

/** The workflow of this repository, whose commands are npm's scripts. */
export const OWN_WORKFLOW = {
  path: '.github/workflows/retrain.yml',
  text: retrainWorkflow({ recipe: 'digits', commandLine: (command) => `npm run ${command} --` }),
} as const;
