import CPythonABI
import Objects

/// The module `itertools`. CPython: Modules/itertoolsmodule.c.
public let itertoolsModule = ModuleSpec(
  "itertools",
  doc: """
    Functional tools for creating and using iterators.

    Without end: count, cycle, repeat. Up to the shortest input: accumulate, batched,
    chain, compress, dropwhile, filterfalse, groupby, islice, pairwise, starmap, tee,
    takewhile, zip_longest. Combinatorics: product, permutations, combinations,
    combinations_with_replacement.
    """,
  methods: [Tee.function],
  types: [
    Accumulate.spec, Batched.spec, Combinations.spec, CombinationsWithReplacement.spec, Cycle.spec,
    DropWhile.spec, TakeWhile.spec, ISlice.spec, StarMap.spec, Chain.spec, Compress.spec,
    FilterFalse.spec, Count.spec, Pairwise.spec, Permutations.spec, Product.spec, Repeat.spec,
    GroupBy.spec, GroupBy.groupSpec, ZipLongest.spec, Tee.spec, Tee.blockSpec,
  ])
