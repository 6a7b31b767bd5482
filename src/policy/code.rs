//! The kinds of problem a policy can have, each with a code that stays the same from version to version.

use std::fmt;

/// Declares [`Code`] with its numbers, so that a variant cannot be missing from [`Code::ALL`].
macro_rules! codes {
    ($($(#[doc = $doc:literal])+ $name:ident = $number:literal,)+) => {
        /// A kind of problem. Numbers from 101 on are warnings.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum Code {
            $($(#[doc = $doc])+ $name = $number,)+
        }

        impl Code {
            /// All variants, by number.
            pub const ALL: &[Self] = &[$(Self::$name),+];
        }
    };
}

codes! {
    /// The file is missing, cannot be read or is a directory.
    Unreadable = 1,
    /// The file is larger than the limit.
    TooLarge = 2,
    /// The file is not UTF-8.
    Encoding = 3,
    /// The file is not YAML.
    Syntax = 4,
    /// The file holds nothing, or only comments.
    Empty = 5,
    /// The file holds more than one document.
    SeveralDocuments = 6,
    /// Aliases or collections within one another beyond the limit.
    Expansion = 7,
    /// A YAML tag, which the format does not use.
    YamlTag = 8,
    /// No `version`.
    MissingVersion = 9,
    /// A version of the format that this program does not read.
    UnsupportedVersion = 10,
    /// A key the format does not have.
    UnknownKey = 11,
    /// A key that is twice in one mapping.
    DuplicateKey = 12,
    /// A required key is missing.
    MissingKey = 13,
    /// A value of the wrong type.
    WrongType = 14,
    /// An empty list where it would mean nothing.
    EmptyList = 15,
    /// An empty text.
    EmptyText = 16,
    /// A metric that does not exist.
    UnknownMetric = 20,
    /// A level that does not exist.
    UnknownLevel = 21,
    /// A scope that cannot be read.
    UnknownOver = 22,
    /// An attribute that `where` cannot select by.
    UnknownAttribute = 23,
    /// A way of attribution that does not exist.
    UnknownMethod = 24,
    /// A word under `missing` that does not exist.
    UnknownTolerance = 25,
    /// A severity that does not exist.
    UnknownSeverity = 26,
    /// A milestone as a way of attribution.
    MilestoneMethod = 27,
    /// `untriaged` as a severity to select by.
    UntriagedSeverity = 28,
    /// A confidence that does not exist.
    UnknownConfidence = 29,
    /// Neither `max` nor `min`.
    NoBound = 30,
    /// Both `max` and `min`.
    TwoBounds = 31,
    /// Not a number, or infinite.
    NotFinite = 32,
    /// Less than zero.
    Negative = 33,
    /// A fraction where a whole number is needed.
    Fraction = 34,
    /// A percentage as the limit of a count.
    PercentOnCount = 35,
    /// A number without `%` as the limit of a ratio.
    MissingPercent = 36,
    /// More than 100 %.
    OverHundred = 37,
    /// More decimals than a limit can have.
    TooPrecise = 38,
    /// A text that is not a limit.
    NotABound = 39,
    /// More than a number can hold.
    TooBig = 40,
    /// A `warn` on the wrong side of `max` or `min`.
    WarnBeyondBound = 41,
    /// `min-sample` for a metric that is a count.
    SampleOnCount = 42,
    /// Zero where at least one is needed.
    Zero = 43,
    /// A relative limit that cannot be read.
    BadBaseline = 44,
    /// A relative limit or a trend of a metric without earlier values.
    NoHistory = 45,
    /// A trend that cannot be read.
    BadTrend = 46,
    /// A key next to `trend` that has no meaning there.
    BesideTrend = 47,
    /// A limit of a length of time that is not a length of time.
    NotADuration = 48,
    /// A statement on an origin that names nothing, or a second one for the same issue.
    BadOrigin = 49,
    /// No rules.
    NoRules = 50,
    /// Two rules with one id.
    DuplicateRule = 51,
    /// A name that is not in kebab-case.
    NotKebabCase = 52,
    /// `where` or `per` on a test metric.
    FilterOnTests = 53,
    /// `over` on a test metric, other than `candidate`.
    OverOnTests = 54,
    /// No selector for escaped defects, and a rule needs one.
    NothingEscapes = 55,
    /// A pattern that is invalid, or that is used where one name is needed.
    BadPattern = 56,
    /// A label of two severities.
    LabelInTwoSeverities = 57,
    /// An empty list of ways of attribution.
    NoMethods = 58,
    /// A method of attribution that is listed twice.
    RepeatedMethod = 59,
    /// A duration that cannot be read.
    BadDuration = 60,
    /// Two different answers for untriaged defects.
    UntriagedConflict = 61,
    /// A glob that cannot be read, or that can match nothing.
    BadGlob = 62,
    /// A `where` that no defect can meet.
    ImpossibleFilter = 63,
    /// `sample` for a metric that is not a coverage, or with a relative limit or a trend.
    BadSample = 64,
    /// A root cause at two quality gates.
    CauseAtTwoGates = 65,
    /// A class to select by for a metric that counts nothing excluded.
    ClassOnCounted = 66,
    /// A path that leaves the repository.
    OutsidePath = 67,
    /// Ways to find an origin in an order that does not go by their weight.
    MethodOrder = 68,
    /// A key about origins on a rule that does not go by them.
    NotByOrigin = 69,
    /// An entry of `extends` that names nothing that can be inherited from.
    BadBase = 70,
    /// A file of another repository without the full commit it is to be read at.
    NotPinned = 71,
    /// A file to inherit from that cannot be read.
    UnreadBase = 72,
    /// A file to inherit from that lies outside of the repository.
    OutsideRepository = 73,
    /// A policy that inherits from itself.
    ExtendsCycle = 74,
    /// Too many policies that inherit from one another.
    ExtendsTooDeep = 75,
    /// Something that is looser than it was inherited, without an `override`.
    Loosened = 76,
    /// Two policies that are inherited from, and neither is the stricter one.
    BasesDisagree = 77,
    /// An `override` that does not name exactly one thing.
    OverrideTarget = 78,
    /// An `override` of something that is not inherited.
    NothingToOverride = 79,
    /// A waiver of a rule that does not exist.
    UnknownRule = 80,
    /// An expiry that is not a date.
    BadDate = 81,
    /// A waiver whose approver `approvers` does not name.
    NotAnApprover = 82,
    /// A role that cannot be given the right to override.
    UnknownRole = 83,
    /// A mode that does not exist.
    UnknownMode = 84,
    /// `{candidate}` or `{line}` where nothing fills it in.
    MisplacedVariable = 85,
    /// An alternative of a selector by which no issue can be found, or whose conditions do not go together.
    BadAlternative = 86,
    /// No selector for blockers, and a rule needs one.
    NothingBlocks = 87,
    /// A period in `over` that the policy does not have.
    UnknownPeriod = 88,
    /// A word that a key does not take.
    UnknownWord = 89,
    /// A file of cases without cases.
    NoCases = 90,
    /// A case that expects nothing.
    NothingExpected = 91,
    /// A verdict that does not exist.
    UnknownVerdict = 92,
    /// An expected value that the metric of the rule does not take.
    BadExpectedValue = 93,
    /// A point in time that cannot be read.
    BadMoment = 94,
    /// Two cases with one name.
    DuplicateCase = 95,
    /// Evidence in addition to a whole snapshot.
    BesideSnapshot = 96,
    /// Evidence that contradicts itself.
    OddEvidence = 97,
    /// A key that has no meaning for the metric of its rule.
    KeyNotOfMetric = 98,
    /// An exclusion that takes out every escaped defect.
    ExcludesAll = 99,
    /// A statement about an issue that names no release, or a second one about the same.
    BadStatus = 100,
    /// A way of attribution that is never reached.
    UnreachableMethod = 101,
    /// A label in both `escaped` and `caught`.
    EscapedAndCaught = 102,
    /// A severity or an exclusion that every escaped defect of a label gets.
    ShadowedLabel = 103,
    /// A `warn` that is equal to `max` or `min`.
    WarnAtBound = 104,
    /// A limit that every value keeps.
    AlwaysHolds = 105,
    /// An `override` that loosens nothing.
    UnusedOverride = 110,
    /// Two rules that no value can keep both.
    Contradiction = 111,
    /// A rule that cannot fail while a stricter one passes.
    Redundant = 112,
    /// A rule that can never be decided.
    NeverDecided = 113,
    /// A label that another pattern takes first.
    ShadowedPattern = 114,
    /// A label of a milestone where one of a release is needed.
    MilestoneLabel = 115,
    /// Counting by origin where no rule counts by it.
    IdleCountBy = 116,
    /// A scope that keeps defects that are not fixed out of `unfixed`.
    NarrowedUnfixed = 117,
    /// A product that `releases.tags` cannot yield.
    ProductWithoutTags = 118,
}

impl Code {
    /// Returns `true` if the policy can be used in spite of it.
    pub fn is_warning(self) -> bool {
        // Numbers are in the documentation and in people's notes, so they never change.
        self as u16 > 100
    }

    /// Returns `true` if a policy that is inherited from may bring what is missing.
    pub fn may_be_inherited(self) -> bool {
        matches!(
            self,
            // A policy with `extends` may be a part that is only complete with its base.
            Self::MissingKey
                | Self::NoBound
                | Self::NoRules
                | Self::NothingEscapes
                | Self::NothingBlocks
                | Self::UnknownPeriod
                | Self::ImpossibleFilter
                | Self::NotByOrigin
                | Self::SampleOnCount
                | Self::UnknownRule
        )
    }
}

impl fmt::Display for Code {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "P{:03}", *self as u16)
    }
}
