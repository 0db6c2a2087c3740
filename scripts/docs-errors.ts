/** What docs/errors.md says of each code beside its title: the meaning, the usual causes, and what to do. */
import type { ErrorCode } from '../src/core/errors.ts';

export interface ErrorText {
  /** One or two sentences. */
  meaning: string;
  causes: readonly string[];
  fixes: readonly string[];
}

export const ERROR_TEXTS: Readonly<Record<ErrorCode, ErrorText>> = {
  'E-CONFIG': {
    meaning:
      'A document, or a file that a command needs, is not what it should be, before any single key is looked at.',
    causes: [
      'The text is not YAML: a tab that indents, a bracket that is not closed, a colon that is missing.',
      'The file is not there, or is a picture or an archive without an experiment.',
      'A `--set` setting has no `=`.',
      '`lab verify` was given a folder without reference files, or a file that is not JSON.',
    ],
    fixes: [
      'Go to the line and column that the message names.',
      'Check the path. It counts from the folder that you are in.',
      'Start from a file in `configs/`, or from what `lab config FILE --complete` prints.',
    ],
  },
  'E-CONFIG-KEY': {
    meaning:
      'The experiment has a key that the lab does not know. Nothing is guessed: an unknown key is refused by name, with the nearest known one.',
    causes: [
      'A slip of the pen (`learning_rte`).',
      'A key in the wrong section, or one that belongs to another `kind`.',
      'A key given twice in one section.',
      'Keys of the lab and of Backdoors 101 in one document.',
    ],
    fixes: [
      'Take the key that the message suggests, or look it up in [configuration.md](configuration.md).',
      'In a link, an unknown key is left out with a warning instead, so that old links still open.',
    ],
  },
  'E-CONFIG-VALUE': {
    meaning:
      'A key is known, and its value is of the wrong type, out of range, or does not go with other keys. As a warning it says what was not honoured, or what was assumed.',
    causes: [
      'A number out of range, text where a number belongs, a choice that does not exist.',
      'A target class that the data set does not have; an all-to-all shift that maps each class to itself.',
      'The fixed balancer without a weight for each objective.',
      'A first epoch after the last one.',
      'A reference file for `lab verify` that lacks something its kind must have.',
      'As a warning: a Backdoors 101 key that this version cannot honour.',
    ],
    fixes: [
      'The message gives the value, the range and the place; [configuration.md](configuration.md) has every range.',
      'In a link, a value out of range is set to the nearest allowed one, or to its default, with a warning.',
    ],
  },
  'E-CONFIG-SIZE': {
    meaning:
      'The document is larger, deeper or more repetitive than any experiment. It is refused before it is unpacked.',
    causes: [
      'More than 256 KiB of text, 32 levels, 100 aliases, or 1,000 keys in one section.',
      'Aliases of aliases that would expand to gigabytes.',
      'The wrong file.',
    ],
    fixes: ['Check that the file is an experiment.', 'Write the repeated parts out, or take them away.'],
  },
  'E-LINK': {
    meaning: 'The part of the address after `#` holds no experiment that can be read.',
    causes: [
      'The link was cut when it was copied or sent.',
      'It was made by a newer lab (`#v2.…`).',
      'It was changed by hand, or expands to more than 1 MB.',
    ],
    fixes: [
      'Copy the whole link again.',
      'Ask for the experiment as YAML instead.',
      'The page opens with your last experiment meanwhile, or with the first example.',
    ],
  },
  'E-DATASET': {
    meaning:
      'A data file was read, and is not what it should be. The message names the file, often with the byte.',
    causes: [
      'An IDX file that is cut short, or whose header promises another size.',
      'Images given as labels, or the other way round; two files that are not a pair.',
      'Values that are not unsigned bytes; a corrupt gzip file.',
      'A prepared file whose checksum is not that of its manifest.',
      'A data set of your own that is not in this browser.',
    ],
    fixes: [
      'Download or copy the file again. Give train with train, and t10k with t10k.',
      'For the data sets of the lab: end `npm start` and run it again; it prepares what is missing.',
      'For your own: open **Bring your data** again.',
    ],
  },
  'E-DATASET-FETCH': {
    meaning: 'A data file, or a model that ships with the lab, did not arrive.',
    causes: [
      'The server has ended, or the connection is gone.',
      'The data sets were never prepared (in a terminal: no `public/data`).',
      'A wrong `--data` folder or `task.dataset`.',
    ],
    fixes: [
      'Start the server again, then press **Try again**.',
      'Run `node scripts/prepare-data.mjs`; `npm start` does it too.',
    ],
  },
  'E-MODEL': {
    meaning: 'A model cannot be read, or is not there.',
    causes: [
      'A safetensors file that is cut short, whose header runs past the end, or whose tensors overlap.',
      'A zip that is not a TensorFlow.js LayersModel, or one with layers that the lab does not have.',
      'Names that fit no architecture of the lab.',
      'Starting weights of another model than `task.model`.',
      'An export before the first step, or of weights that are no longer finite numbers.',
      '`task.weights: imported` without an imported model (in a terminal: without `--weights`).',
    ],
    fixes: [
      'Save or copy the file again. From PyTorch: `safetensors.torch.save_file(model.state_dict(), path)`, with the parameter names of SimpleNet (`conv1.weight`, `conv1.bias`, ..., `fc2.bias`).',
      'Choose random or pretrained starting weights.',
    ],
  },
  'E-SHAPE': {
    meaning:
      'Two things have shapes that do not go together. The message says which, what was expected and what was found.',
    causes: [
      'A model for other images or another number of classes than the data set has.',
      'A tensor of another shape than the architecture wants.',
      'Test images of another size than the training images.',
      'Images too small for the layers of the model.',
      'A training batch that leaves batch-norm one value for each channel: one image, and one pixel of it at that layer.',
    ],
    fixes: ['Choose the data set that the model was made for, or another model.'],
  },
  'E-TRIGGER': {
    meaning: 'The trigger cannot be laid over the images.',
    causes: [
      'It is larger than the images, or reaches past an edge.',
      'With a random place: its largest size is larger than the images.',
      'It has no pixel: nothing is painted, or the pattern leaves every pixel as it is.',
    ],
    fixes: ['The message says how far it may go. Move it, paint a smaller one, or lower the largest size.'],
  },
  'E-AGGREGATION': {
    meaning: 'The server’s rule cannot bring the updates of a round together.',
    causes: [
      'FLTrust without clean examples of the server’s own.',
      'No update of the round was fit to be used.',
      'A round that is to be replayed is not kept: only the newest ones that fit are.',
    ],
    fixes: ['Give the server clean examples, or take another rule: `federated.aggregator`.'],
  },
  'E-DEFENSE': {
    meaning: 'The defense cannot work on this model, or with what the defender holds.',
    causes: [
      'A defense for images, such as Neural Cleanse or SentiNet, on a model for texts.',
      'Pruning a model that has no convolution.',
      'Fewer clean examples than the method needs, or examples of one class alone.',
      'A filter of training data for a model that came without its experiment, so that nobody knows what it was trained on.',
    ],
    fixes: [
      'The message says what is missing. Choose another defense, more test examples, or give the experiment: `lab defend MODEL --config EXPERIMENT.yaml`.',
    ],
  },
  'E-NAN': {
    meaning:
      'A loss or a gradient is no longer a finite number. The run pauses at that batch, and nothing was updated in this step.',
    causes: [
      'The learning rate is too high, most of all at the start of a blind attack from trained weights.',
      'Fixed weights of the objectives that are very large.',
    ],
    fixes: [
      'In the page: **Go on from the last checkpoint at half the learning rate**, or **Go back further** where it is offered.',
      'In a terminal: the same command with `--resume --halve-lr`, which is printed.',
      'Again when it fails once more. A checkpoint may be past saving, its weights grown without bound: then the run goes back to an older one, kept at least 100 steps or a minute behind (in a terminal in a file that ends in `.older`), and at last to the starting weights, and says so.',
      '`training.nan_check: false` skips such steps instead of stopping.',
    ],
  },
  'E-GPU-LOST': {
    meaning:
      'The GPU device went away while it computed. The run stops; its last checkpoint stays as it was kept before.',
    causes: [
      'A driver that was updated or reset, a laptop that changed its GPU.',
      'The browser’s GPU process crashed, often for want of GPU memory.',
    ],
    fixes: [
      'In the page: **Go on from the last checkpoint**, in a new worker, on the GPU if it is back (with `backend: auto` on what there is); or **Go on without the GPU**, on WebAssembly.',
      'In a terminal: the same command with `--resume`, which is printed. `--backend wasm` needs no GPU.',
    ],
  },
  'E-BACKEND': {
    meaning:
      'What should compute is missing, or failed its self-test: one small training step must give what the cpu backend gives, to 1e-3.',
    causes: [
      '`backend: webgpu` without a GPU adapter.',
      'A browser without WebAssembly SIMD.',
      'A GPU driver that computes wrong values.',
      'The WebAssembly kernels are not built, or memory is full.',
    ],
    fixes: [
      'Choose `backend: auto`: it takes what is there and right.',
      'In a terminal, `npm run -s lab -- backends` shows what works. `node scripts/build-kernels.mjs` builds the kernels.',
      'Out of memory: use a smaller batch, or close other tabs.',
    ],
  },
  'E-WORKER': {
    meaning:
      'The worker that computed has died. A new one is started, and the run goes on from its last checkpoint, at most three times in one run.',
    causes: [
      'The browser ended it, most likely for want of memory.',
      'It could not be loaded, because the server has ended.',
    ],
    fixes: [
      'If it stays dead: use a smaller batch, close other tabs, reload the page and resume.',
      'Check that the server is running.',
    ],
  },
  'E-CANCELLED': {
    meaning: 'Something was stopped because you asked for it. It is not a fault.',
    causes: ['Stop in the page, or Ctrl-C in a terminal.'],
    fixes: ['Run again, or resume from the last checkpoint (`--resume` in a terminal).'],
  },
  'E-QUOTA': {
    meaning:
      'There is no room: the browser’s storage for this page, or the disk, is full. A run goes on without keeping new checkpoints on it.',
    causes: ['Large data sets of your own in the browser.', 'A full disk.'],
    fixes: [
      'Free some space, or remove the data of other sites.',
      'Export the model before you close the page: the latest checkpoint is still in memory.',
    ],
  },
  'E-STORAGE': {
    meaning: 'Storage cannot be used at all. The lab works without it, but nothing survives a reload.',
    causes: [
      'A private window, or storage that is blocked for this page.',
      'In a terminal: a folder that cannot be written, or one file given for two of experiment, checkpoint, numbers and model.',
    ],
    fixes: ['Export what you want to keep.', 'Allow storage for the page, or choose another folder.'],
  },
  'E-CAMERA': {
    meaning: 'The page asked for the camera and did not get it. Nothing else depends on it.',
    causes: [
      'The permission was refused, by a person, by a setting of the browser or by the system.',
      'There is no camera, or it was unplugged while it was on.',
      'Another program holds the camera.',
      'The page is open at an address that is neither `localhost` nor `https:`; browsers give a camera to none other.',
    ],
    fixes: [
      'Allow the camera beside the address of the page, then start it again.',
      'Close other programs that show a picture of the camera.',
      'Use a photo: wherever the lab takes the camera it takes a file too, but for capturing classes, which **Bring your data** does from a folder of pictures.',
    ],
  },
  'E-CHECKPOINT': {
    meaning:
      'A checkpoint cannot be read, or belongs to another experiment. A resumed run must equal the uninterrupted one, so only some keys may differ. As a warning: the run goes on, but not bit for bit.',
    causes: [
      '`--resume` with other settings than the run was started with. The number of epochs may grow; name, evaluation and checkpoint settings may change.',
      'Another backend (a warning), or more epochs under a cosine schedule (a warning).',
      'A file that is damaged, not a checkpoint, or at a position that no run of the experiment passes through. A new run refuses to write over it.',
    ],
    fixes: [
      'Give the experiment and the settings that it was made with.',
      'Run without `--resume` to start over: an unfinished checkpoint is kept as `….previous`, then `….previous-2`, and so on.',
    ],
  },
  'E-INTERNAL': {
    meaning: 'A fault of the lab itself. Your experiment and the last checkpoint are kept.',
    causes: ['Something that nobody thought of.'],
    fixes: [
      'Press **Copy details** and report it with the experiment (the link is enough).',
      'In a terminal, add `--debug` to see where it happened.',
    ],
  },
};
