"""RetentionPolicy: for how many days recordings, transcripts and the log of told figures are kept."""

from dataclasses import dataclass


@dataclass(frozen=True)
class RetentionPolicy:
    """Days; 0 keeps for ever. Recordings go with their transcripts at the latest."""

    recordings_days: int = 365
    """Sound: the heaviest on disk, and the most personal."""
    transcripts_days: int = 1_095
    """Words, with what was understood: three years, as long as claims can be made (Civil Code, article 188)."""
    disclosures_days: int = 1_825
    """The log of told figures."""
