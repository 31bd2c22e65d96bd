# Everything a newcomer needs: `make run`, `make test`. `make help` lists the rest.
# Set-up speaks on stderr; the last line on stdout of a command is its JSON line. A failing recipe makes `make` exit 2.

PYTHON := .venv/bin/python
export PYTHONPATH := $(CURDIR)
export RASA_TELEMETRY_ENABLED := false
export TF_CPP_MIN_LOG_LEVEL := 2
export SQLALCHEMY_SILENCE_UBER_WARNING := 1
export OMP_NUM_THREADS := 1

# What the caller of make gave reaches the commands as environment variables, unexpanded: blanks, quotes and $ in a
# file's name are harmless.
GIVEN := WAV CALLER LINE FILE NOISE DIR RECOGNIZER EXPECT DOMAIN REFERENCE IN OUT ON THREADS INPUTS SEED SPEECH HOURS STEPS ADAPT MODEL TERMS ONLY TURNS
$(foreach name,$(GIVEN),$(eval override $(name) := $$(value $(name))))
export $(GIVEN)

.DEFAULT_GOAL := help
.PHONY: help run test test-calls call evaluate-nlu compare-nlu nlu-curves evaluate-asr screen vosk-model vosk-graph bench fuzz verify-log replay-decision first-time-share train staff-password lock clean environment ready

help: ## this list
	@sed -n 's/^\([a-z][a-z-]*\):.*## /\1\t/p' $(MAKEFILE_LIST) | while IFS="$$(printf '\t')" read -r name text; do \
		printf '  make %-16s %s\n' "$$name" "$$text"; done

run: environment ## set up what is missing and start the bot; Ctrl-C stops it
	@exec $(PYTHON) -m serve

test: ## install what the tests need and run every check and test
	@sh install/environment.sh requirements-test.lock
	@exec $(PYTHON) -m install.checks

test-calls: ## [ONLY=word] every simulated call by telephone, in real time, and a page to see and hear them on
	@sh install/environment.sh requirements-test.lock
	@exec $(PYTHON) -m commands.test_calls $${ONLY:+--only "$$ONLY"}

call: ready ## WAV=file.wav [CALLER=phone number] [LINE=8k|16k]: one call with a recording as the caller
	@exec $(PYTHON) -m commands.call --wav "$$WAV" $${CALLER:+--caller "$$CALLER"} $${LINE:+--line "$$LINE"}

evaluate-nlu: ready ## FILE=x.tsv [NOISE=0.0]: how well labelled sentences are understood
	@exec $(PYTHON) -m commands.evaluate_nlu --file "$$FILE" $${NOISE:+--noise "$$NOISE"}

compare-nlu: ready ## FILE=x.tsv [NOISE=0.15]: pipelines of understanding against each other, on the same examples (an hour)
	@exec $(PYTHON) -m commands.compare_nlu --file "$$FILE" $${NOISE:+--noise "$$NOISE"}

nlu-curves: ready ## how far confidences can be trusted, drawn into docs/images
	@exec $(PYTHON) -m commands.nlu_curves

evaluate-asr: ready ## DIR=folder [RECOGNIZER=] [LINE=] [EXPECT=] [DOMAIN=0|1]: how well recordings are recognised
	@exec $(PYTHON) -m commands.evaluate_asr --dir "$$DIR" $${RECOGNIZER:+--recognizer "$$RECOGNIZER"} \
		$${LINE:+--line "$$LINE"} $${EXPECT:+--expect "$$EXPECT"} $${DOMAIN:+--domain "$$DOMAIN"}

screen: environment ## IN=businesses.parquet OUT=decisions.parquet [ON=day] [THREADS=]: decide on a table of businesses
	@exec $(PYTHON) -m commands.screen --source "$$IN" --out "$$OUT" $${ON:+--on "$$ON"} $${THREADS:+--threads "$$THREADS"}

vosk-model: ready ## [SPEECH=folder] [ADAPT=model] [FURTHER=checkpoint] [HOURS=6] [STEPS=] [MINUTES=150]: train a Mandarin model for Vosk (PyTorch)
	@exec $(PYTHON) -m speech_model.make $${SPEECH:+--speech "$$SPEECH"} $${ADAPT:+--adapt "$$ADAPT"} $${FURTHER:+--further "$$FURTHER"} \
		$${HOURS:+--hours "$$HOURS"} $${STEPS:+--steps "$$STEPS"} $${MINUTES:+--minutes "$$MINUTES"}

vosk-graph: environment ## [MODEL=folder] [TERMS=file]: the words of a Vosk model anew, from data/ and a term list
	@exec $(PYTHON) -m speech_model.build_graph $${MODEL:+--model "$$MODEL"} $${TERMS:+--terms "$$TERMS"}

bench: ready ## [TURNS=1000000] [ONLY=calls|search] measure speed (docs/benchmarks.md explains the figures; TURNS=0: no search)
	@exec $(PYTHON) -m commands.bench $${TURNS:+--turns "$$TURNS"} $${ONLY:+--only "$$ONLY"}

verify-log: environment ## prove the log of the figures that customers were told
	@exec $(PYTHON) -m commands.verify_log

replay-decision: environment ## REFERENCE=…: compute a decision that was told again, from its record alone
	@exec $(PYTHON) -m commands.replay_decision "$$REFERENCE"

first-time-share: environment ## share and growth of first-time borrowers, month by month
	@exec $(PYTHON) -m commands.first_time_share

fuzz: environment ## [INPUTS=1000000] [SEED=1]: spoiled messages for every parser that faces the network
	@exec $(PYTHON) -m commands.fuzz $${INPUTS:+--inputs "$$INPUTS"} $${SEED:+--seed "$$SEED"}

train: environment ## train Rasa if its sources changed
	@exec $(PYTHON) -m install.training

staff-password: environment ## a new password for the staff pages
	@exec $(PYTHON) -m commands.staff_password

lock: ## renew the lock files from the ranges in pyproject.toml
	@sh install/lock.sh

clean: ## remove what set-up made, except downloads, the database and recordings
	@rm -rf .venv .rasa var/models var/rasa-models var/embeddings.npz var/rasa var/speech-cache var/jieba var/logs .mypy_cache .ruff_cache .pytest_cache

environment:
	@sh install/environment.sh requirements.lock

# What the measuring commands need besides the environment: the speech models and, where it can be, a trained Rasa.
ready: environment
	@$(PYTHON) -m install.models >&2
