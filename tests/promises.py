"""What metier promises, and the tests that hold it to that. A test reads this list both ways.

Each entry is a sentence and the places, below `tests/`, that would go red if it were no longer so: a file, or one
test of a file.
"""

PROMISES: dict[str, tuple[str, ...]] = {
    # Answers
    "Only tools create evidence, and every citation resolves": (
        "sdk/nouns/test_evidence.py",
        "sdk/runtime/test_copilot.py::test_evidence_that_no_tool_returned_is_never_taken",
    ),
    "A check that is violated is retried, then refused; it is never shown as fact": (
        "sdk/nouns/test_check.py",
        "sdk/runtime/test_copilot.py::test_a_model_that_never_gets_it_right_is_refused_with_the_reasons",
        "sdk/runtime/test_copilot.py::test_at_the_limit_a_violated_answer_is_refused_and_not_asked_for_again",
    ),
    "Text from tools is data: framed, capped, its control tokens defused": ("sdk/runtime/test_framing.py",),
    "Secrets are in no trace, journal, log or error": (
        "sdk/nouns/test_redaction.py",
        "sdk/runtime/test_copilot.py::test_secrets_are_masked_in_journal_trace_and_answers",
        "sdk/log/test_log.py",
    ),
    # Runs
    "A run has limits, concludes at them from what it has, and always ends with a reason": (
        "sdk/nouns/test_limits.py",
        "sdk/runtime/test_effects.py::test_every_limit_ends_in_a_last_call_without_tools",
        "sdk/runtime/test_notes.py::test_the_last_call_has_the_same_tools_in_its_prompt_and_may_call_none",
    ),
    "Every effect is on the disk before its result is used": (
        "sdk/journal/test_journal.py::test_every_commit_waits_for_the_disk",
        "sdk/journal/test_delta.py",
    ),
    "Killed anywhere, a run resumes to the same answer and repeats no finished call": ("sdk/runtime/test_kill.py",),
    "A replay with the network off gives the trace byte for byte": (
        "sdk/runtime/test_copilot.py::test_a_replay_performs_nothing_and_gives_the_same_bytes",
    ),
    "Fakes for tests are real, public implementations": ("sdk/runtime/test_testing.py",),
    "Data and runs stay in the folder that the environment names": ("sdk/runtime/test_home.py",),
    "A store is read by many threads, each through a connection of its own": ("sdk/lending/test_lending.py",),
    # Servers
    "A server that dies is reached again, and nothing with side effects is called twice": (
        "sdk/servers/test_connection.py",
        "sdk/servers/test_toolset.py::test_a_dead_server_ends_the_run_as_what_it_is",
    ),
    "The tools of a toolkit serve any MCP host over stdio and HTTP": (
        "sdk/servers/test_serve.py",
        "sdk/servers/test_result.py",
        "toolkits/maps/server/test_commands.py::test_the_same_tools_are_served_over_stdio",
        "toolkits/maps/server/test_commands.py::test_the_same_tools_are_served_over_http",
    ),
    "How a tool's calls are treated is set per server and per tool, and a wrong setting is named": (
        "sdk/servers/test_policy.py",
    ),
    # Plug-ins and the command line
    "Toolkits are found by entry point; one that is broken is reported and breaks nothing else": (
        "sdk/discovery/test_discovery.py",
    ),
    "What a stranger's toolkit, check or server raises ends a run as data": ("sdk/runtime/test_strangers.py",),
    "A new toolkit works as it is written": (
        "sdk/cli/test_scaffold.py::test_a_new_toolkit_is_found_run_and_tested_after_it_is_installed",
    ),
    "A caller's error is one line and exit code 2": (
        "sdk/cli/test_main.py::test_an_error_of_the_caller_is_one_line_and_exit_2",
        "sdk/cli/test_run.py",
        "sdk/cli/test_options.py",
    ),
    "Steps are shown as they happen, and nothing in them steers the terminal": (
        "sdk/cli/test_bar.py",
        "sdk/cli/test_progress.py",
        "sdk/cli/test_wording.py",
    ),
    "The doctor says what is missing and what to do": ("sdk/cli/test_care.py",),
    "Importing metier loads no framework, and the core stands alone": (
        "sdk/runtime/test_import.py",
        "test_architecture.py",
    ),
    "Each command of the README, its Python and each example run": ("test_readme.py", "test_examples.py"),
    # The fictional country
    "The same seed gives the same country and the same bytes": (
        "sdk/world/test_country.py",
        "toolkits/maps/world/test_region.py",
        "toolkits/maps/world/test_sample.py",
    ),
    "Generated tasks are possible by a witness or impossible for one known reason": (
        "toolkits/maps/world/test_tasks.py",
    ),
    # Map data
    "A map file is imported whole or not at all, whatever is in it": (
        "toolkits/maps/places/test_regions.py",
        "toolkits/maps/osm/test_blobs.py",
        "toolkits/maps/osm/test_elements.py",
        "toolkits/maps/osm/test_country.py",
        "toolkits/maps/osm/test_cleaning.py",
    ),
    "Places are found by each of their names, typos and Chinese included": (
        "toolkits/maps/places/test_store.py",
        "toolkits/maps/places/test_names.py",
        "toolkits/maps/places/test_resolution.py",
        "toolkits/maps/places/test_categories.py",
        "toolkits/maps/places/test_andorra.py",
    ),
    "Unknown is never shown as yes": (
        "toolkits/maps/osm/test_values.py",
        "toolkits/maps/places/test_store.py::test_only_a_yes_is_pet_friendly",
        "toolkits/maps/planning/test_plan.py::test_a_lodging_that_must_be_asked_is_listed_with_its_phone_and_never_sold_as_yes",
    ),
    # Routing and time
    "A route and its matrix cell are equal, in every engine; no snap is silent": (
        "toolkits/maps/routing/test_engines.py",
        "toolkits/maps/routing/test_offline.py",
        "toolkits/maps/routing/test_roads.py",
    ),
    "A routing server's failure is an error and never a number": (
        "toolkits/maps/routing/test_remote.py",
        "toolkits/maps/routing/test_server.py",
    ),
    "Opening hours hold over seasons, holidays, midnight and the change of clocks; what is assumed says so": (
        "toolkits/maps/hours/test_opening.py",
        "toolkits/maps/hours/test_calendar.py",
    ),
    # Trips
    "Every plan passes every check; every impossible task is refused for the right conflict": (
        "toolkits/maps/planning/test_generated_tasks.py",
        "toolkits/maps/planning/test_plan.py",
        "toolkits/maps/planning/test_schedule.py",
        "toolkits/maps/planning/test_notes.py",
        "toolkits/maps/planning/test_andorra.py",
    ),
    "A conflict is minimal, and each way out was tried": (
        "toolkits/maps/planning/test_conflict.py",
        "toolkits/maps/planning/test_prove.py",
    ),
    "An edit keeps everything else where it was and says what changed": ("toolkits/maps/planning/test_edit.py",),
    "Each planted fault is caught by its check, whoever wrote the itinerary": (
        "toolkits/maps/checks/test_checks.py",
        "toolkits/maps/checks/test_any_itinerary.py",
        "toolkits/maps/checks/test_gather.py",
    ),
    "A request in plain English or Chinese is understood, asked about, or said not to be understood": (
        "toolkits/maps/language/test_english.py",
        "toolkits/maps/language/test_chinese.py",
        "toolkits/maps/language/test_edits.py",
        "toolkits/maps/language/test_any_text.py",
        "toolkits/maps/language/test_effects.py",
        "toolkits/maps/language/test_long_texts.py",
        "toolkits/maps/server/test_playbook.py",
    ),
    "Every tool has schemas, evidence and errors that say what to do": (
        "toolkits/maps/server/test_places.py",
        "toolkits/maps/server/test_trips.py",
    ),
    "A language model plans through the tools like anybody; what it writes wrongly is sent back, then refused": (
        "toolkits/maps/server/test_models.py",
    ),
    "A forecast is the service's or unknown": (
        "toolkits/maps/test_weather.py",
        "toolkits/maps/server/test_trips.py::test_weather_is_unknown_and_says_why_when_forecasts_are_off",
    ),
    "A light command loads neither the planner nor the models": ("toolkits/maps/server/test_light.py",),
    "A trip's files are rendered from its document alone; nothing in a name runs or formats": (
        "toolkits/maps/rendering/test_files.py",
        "toolkits/maps/rendering/test_page.py",
    ),
    # Law
    "Law is imported whole or not at all, killed and resumed; a hostile file is one clear line": (
        "toolkits/legal/intake/test_reading.py",
        "toolkits/legal/intake/test_hostile.py",
        "toolkits/legal/intake/test_us.py",
        "toolkits/legal/intake/test_german.py",
        "toolkits/legal/intake/test_european.py",
        "toolkits/legal/intake/test_french.py",
        "toolkits/legal/intake/test_chinese.py",
        "toolkits/legal/intake/test_official.py",
        "toolkits/legal/intake/test_real_files.py",
        "toolkits/legal/corpus/test_importing.py",
        "toolkits/legal/corpus/test_commands.py",
    ),
    "Cases are read with whose words each paragraph is, and references as they are written": (
        "toolkits/legal/intake_cases/test_plain.py",
        "toolkits/legal/intake_cases/test_courtlistener.py",
        "toolkits/legal/intake_cases/test_caselaw.py",
        "toolkits/legal/intake_cases/test_lecard.py",
        "toolkits/legal/intake_cases/test_slips.py",
        "toolkits/legal/intake_cases/test_courts.py",
        "toolkits/legal/intake_cases/test_references.py",
        "toolkits/legal/corpus/test_references.py",
    ),
    "The parts of a provision can be pinned, and dates are read as people write them": (
        "toolkits/legal/law/test_units.py",
        "toolkits/legal/law/test_dates.py",
    ),
    "The text of a day is the version that was law on it; texts are kept to the byte": (
        "toolkits/legal/corpus/test_history.py",
        "toolkits/legal/corpus/test_store.py",
        "toolkits/legal/corpus/test_real_law.py",
    ),
    "Citations are found with exact spans in nine styles, written from the store, and never guessed": (
        "toolkits/legal/citations/test_finding.py",
        "toolkits/legal/citations/test_form.py",
        "toolkits/legal/citations/test_labels.py",
        "toolkits/legal/law/test_numerals.py",
        "toolkits/legal/citations/test_published.py",
        "toolkits/legal/citations/test_signals.py",
        "toolkits/legal/corpus/test_resolution.py",
    ),
    "Every search engine keeps one contract; nothing found and not able to look are two things": (
        "toolkits/legal/search/test_engines.py",
        "toolkits/legal/search/test_library.py",
        "toolkits/legal/search/test_analysis.py",
        "toolkits/legal/search/test_measures.py",
        "toolkits/legal/search/test_commands.py",
    ),
    "Retrieval on real law meets its bars, with and without past questions; a dead endpoint is told": (
        "toolkits/legal/search/test_retrieval.py",
        "toolkits/legal/search/test_learning.py",
        "toolkits/legal/search/test_embedding.py",
        "toolkits/legal/test_fetch.py",
    ),
    "A quote stands letter by letter in the pinned part, or it is none": ("toolkits/legal/quoting/test_matching.py",),
    "Each fault of a memo is caught by its check, and an honest memo passes": (
        "toolkits/legal/checks/test_checks.py",
        "toolkits/legal/checks/test_language.py",
        "toolkits/legal/checks/test_any_memo.py",
        "toolkits/legal/checks/test_paraphrases.py",
    ),
    "A thousand attacks on citations are caught and a thousand honest answers pass, on the fictional and on real law": (
        "toolkits/legal/checks/test_attacks.py",
    ),
    "A certificate is judged again to the same verdicts, and a changed byte is found": (
        "toolkits/legal/checks/test_certificate.py",
    ),
    "Twenty rounds of tricks get no unsupported conclusion through": ("toolkits/legal/server/test_models.py",),
    "A legal question in English or Chinese gets a memo that holds, a question back, or a refusal with reasons": (
        "toolkits/legal/server/test_playbook.py",
        "toolkits/legal/playbook/test_question.py",
    ),
    "Every legal tool has schemas, evidence and errors that say what to do; a judge sees two texts and nothing else": (
        "toolkits/legal/server/test_tools.py",
        "toolkits/legal/server/test_judge.py",
    ),
    "`metier legal` does what it says, and the commands of its pages run": (
        "toolkits/legal/server/test_commands.py",
        "toolkits/legal/test_docs.py",
    ),
    "Any document's citations and quotes are verified; what is not known is not called wrong": (
        "toolkits/legal/review/test_claims.py",
        "toolkits/legal/review/test_verdicts.py",
        "toolkits/legal/review/test_documents.py",
        "toolkits/legal/review/test_formats.py",
        "toolkits/legal/review/test_real.py",
        "toolkits/legal/review/test_command.py",
    ),
    "A memo's files are rendered from its document alone; no text in it runs, formats or hides anything": (
        "toolkits/legal/rendering/test_files.py",
        "toolkits/legal/rendering/test_page.py",
        "toolkits/legal/rendering/test_documents.py",
        "toolkits/legal/rendering/test_wording.py",
        "toolkits/legal/rendering/test_exports.py",
    ),
    "How an authority stands is read off the evidence, whatever the memo says": (
        "toolkits/legal/rendering/test_authorities.py",
    ),
    "The fictional law is one for a seed, every quotation in it is exact, and the answers of its tasks are known": (
        "toolkits/legal/world/test_statutes.py",
        "toolkits/legal/world/test_cases.py",
        "toolkits/legal/world/test_publishing.py",
        "toolkits/legal/world/test_tasks.py",
    ),
    # Registered servers
    "A project's servers are not used until the user trusts them, and a change asks again": (
        "sdk/servers/catalog/test_catalog.py",
    ),
    "Secrets come from the environment or the keyring and are written to no file of metier's": (
        "sdk/servers/catalog/test_inlined.py",
        "sdk/servers/catalog/test_keyring.py",
        "sdk/servers/catalog/test_catalog.py::test_a_secret_is_never_written",
        "sdk/servers/catalog/test_opening.py",
    ),
    "Two who register servers at once lose nothing, and comments stay": (
        "sdk/servers/catalog/test_catalog.py::test_many_who_add_at_once_lose_nothing",
        "sdk/servers/catalog/test_notation.py",
    ),
    "A server.json with shell metacharacters runs no shell, and reaches for nothing in the user's environment": (
        "sdk/servers/catalog/test_hostile_manifest.py",
    ),
    "Servers of other hosts are imported, and what is exported is imported equal": (
        "sdk/servers/catalog/test_hosts.py",
    ),
    "A reference is replaced once and its value never read again": ("sdk/servers/catalog/test_references.py",),
    "What a server.json asks for is checked, and all that is missing is listed at once": (
        "sdk/servers/catalog/test_registry.py",
    ),
    "A registered server is used by its name, held to what was approved, and asks before it changes something": (
        "sdk/runtime/test_registered.py",
    ),
    "Only tools that a person approved, unchanged and allowed, are shown and called": (
        "sdk/servers/test_admission.py",
        "sdk/servers/pinning/test_pin.py",
        "sdk/servers/pinning/test_store.py",
        "sdk/cli/servers/test_story.py",
    ),
    "Hidden characters, instructions to the model and shadowing names are flagged, and honest tools left alone": (
        "sdk/servers/pinning/test_suspicion.py",
    ),
    "No command of `metier mcp` writes or prints a secret, and a project's servers wait until they are trusted": (
        "sdk/cli/servers/test_secrets.py",
    ),
    "A tool that writes is called only after a person said yes; a server's question reaches the user": (
        "sdk/cli/servers/test_terminal.py",
    ),
    "What `metier mcp` cannot read of its arguments is one line and exit code 2": (
        "sdk/cli/servers/test_arguments.py",
    ),
    "One logs in once: tokens are kept for their owner alone, renewed, revoked at logout, and in no log or error": (
        "sdk/servers/oauth/test_login.py",
        "sdk/servers/oauth/test_store.py",
    ),
    "A login takes only the answer with its own state": ("sdk/servers/oauth/test_loopback.py",),
    "The official suite's required scenarios are all counted, also those that it does not name": (
        "conformance/test_report.py",
    ),
    "The protocol's reference servers are used, and path and URL arguments are passed as data": (
        "third_party/test_reference_servers.py",
    ),
    "A key in a maps server's error text is masked": ("third_party/test_maps_servers.py",),
    "Each command of the pages on tool servers does what the page says, and what is only shown is understood": (
        "test_docs.py",
    ),
    "What was said of a server on the command line is what is registered": ("sdk/cli/servers/test_drafting.py",),
    # Connections
    "A server killed 200 times at random loses no caller and makes no side effect twice": (
        "sdk/servers/faults/test_killing.py",
    ),
    "No child outlives its run, also after kill -9 of the parent; no descriptor leaks; memory is flat": (
        "sdk/servers/faults/test_leaving.py",
    ),
    "Slow, chatty, silent, garbage-speaking and 100 MB-answering servers are bounded, named failures": (
        "sdk/servers/faults/test_misbehaving.py",
        "sdk/servers/test_lines.py",
    ),
    "Both protocol eras, in process, over stdio and HTTP: progress, elicitation, _meta, images, links": (
        "sdk/servers/test_eras.py",
        "sdk/servers/test_asking.py",
    ),
    "Concurrent runs share a server": ("sdk/servers/test_pool.py",),
    # The envelope
    "A second identical call asks nobody, fifty at once ask once, and failures are not kept": (
        "sdk/gateway/envelope/test_cache.py",
    ),
    "A provider that fails is waited for, then the next answers and says so; no side effect is made twice": (
        "sdk/gateway/envelope/test_failover.py",
        "sdk/gateway/envelope/test_providing.py",
    ),
    "Rates, concurrency and quotas are kept by all callers, a slow tool delays no other, and memory stays flat": (
        "sdk/gateway/envelope/test_limits.py",
    ),
    "With everything recorded, a replay needs no server and gives equal answers": (
        "sdk/gateway/envelope/test_replay.py",
        "sdk/gateway/envelope/test_codec.py",
    ),
    "An answer is found at once in this process, by others a moment later, and a process that ends loses none": (
        "sdk/gateway/parts/test_backlog.py",
    ),
    "A server that is dead or hangs holds up no call of another, and a step of a run for seconds at most": (
        "sdk/gateway/envelope/test_hanging.py",
        "sdk/servers/test_toolset.py",
    ),
    "Time in which a person is asked does not count against a server": ("sdk/gateway/envelope/test_patience.py",),
    "A person's word is for one call, once, on the tool as it was when the run began": (
        "sdk/runtime/test_approvals.py",
    ),
    "What is secret in how a server is reached is known wherever it stands": ("sdk/servers/test_target.py",),
    "Arguments that no message can hold are refused and the session goes on": ("sdk/servers/test_arguments.py",),
    "One MCP server stands in front of all registered ones, over stdio and HTTP, for any host": (
        "sdk/gateway/proxy/test_proxy.py",
        "sdk/gateway/proxy/test_transports.py",
        "sdk/cli/hosting/test_gateway.py",
    ),
    "A toolkit's tools are answered in the user's order, each server treated as its settings say": (
        "sdk/gateway/proxy/test_equipping.py",
    ),
    "Each tool call of a run is accounted for, and the sums are those of the calls": ("sdk/cli/tracing/test_calls.py",),
    "A key that a server lets slip leaves the envelope nowhere": ("sdk/gateway/envelope/test_secrets.py",),
    "A long answer is shown in part and can be read to its end": ("sdk/gateway/envelope/test_showing.py",),
    "Every call leaves a record, a run's totals are their sums, and spans hold no argument or text": (
        "sdk/gateway/envelope/test_records.py",
    ),
    "The key of an answer holds all it depends on, and gives away nothing": ("sdk/gateway/parts/test_keys.py",),
    "Answers are kept on disk, shared by processes and threads, bounded in size, and private to their owner": (
        "sdk/gateway/parts/test_cache.py",
    ),
    "A whole result can be read on page by page by its handle; a hostile handle is just unknown": (
        "sdk/gateway/parts/test_shelf.py",
    ),
    "The calls of a day are counted over all processes, and never more are given than there are": (
        "sdk/gateway/parts/test_quotas.py",
    ),
    "Calls that share a key never exceed their rate by more than 5 %, and who leaves leaves no hole": (
        "sdk/gateway/parts/test_rate.py",
    ),
    "A provider that fails is left alone, probed once after a rest, and used again when it is well": (
        "sdk/gateway/parts/test_breaker.py",
    ),
    "Fifty who ask the same at once make one call, and one who leaves hurts nobody": (
        "sdk/gateway/parts/test_flights.py",
    ),
    "A busy, used-up or broken source is recognised in many languages, and prose about errors is not taken for one": (
        "sdk/gateway/parts/test_faults.py",
    ),
    "A call is made again only when that is safe, may help and fits into its time; Retry-After is obeyed": (
        "sdk/gateway/parts/test_retry.py",
    ),
    "A long text is shown within its cap and says how to read on": ("sdk/gateway/parts/test_shortening.py",),
    # Live maps and live law
    "Amap and Google Maps answer the toolkit's own tools, schema by schema": (
        "toolkits/maps/providers/test_live_tools.py",
    ),
    "GCJ-02 is converted at Amap's edge only, its inverse exact to a centimetre": (
        "toolkits/maps/providers/test_gcj02.py",
    ),
    "What a map server leaves out or misspells is unknown, never wrong": ("toolkits/maps/providers/test_reading.py",),
    "A failure of a map server is told in kind and without the key": ("toolkits/maps/providers/test_mischief.py",),
    "A throttled Amap is stood in for by the local map, and the evidence says so": (
        "toolkits/maps/providers/test_failover.py",
    ),
    "A live source's numbers never prove a leg, place or forecast of a local plan": (
        "toolkits/maps/providers/test_trust.py",
    ),
    "No argument is sent that is missing": ("toolkits/maps/providers/test_plan.py",),
    "Replay servers speak the makers' schemas and need no key": ("toolkits/maps/providers/test_replay.py",),
    "A live source that could not be asked is never taken for a proof of absence": (
        "toolkits/legal/live/test_faults.py",
    ),
    "What a source of law allows is kept, over all processes and in every window": (
        "toolkits/legal/live/test_throttle.py",
        "toolkits/legal/live/test_cases.py",
    ),
    "A memo on live law is held against it like one on imported law": ("toolkits/legal/live/test_memos.py",),
    "No name or address that a model or source writes reaches another path or host": (
        "toolkits/legal/live/test_hostile.py",
    ),
    "A live source of law has the toolkit's tools in their very shapes": ("toolkits/legal/live/test_providers.py",),
    "Law read live is read as imported law is, with what is known of its versions": (
        "toolkits/legal/live/test_laws.py",
        "toolkits/legal/live/test_asking.py",
    ),
    # Weights of one's own, served by SGLang
    "A run on SGLang is one sequence of tokens, also when it goes on in another process": (
        "adapters/sglang/model/test_sequences.py::test_a_tool_loop_is_one_sequence_of_tokens",
        "adapters/sglang/model/test_sequences.py::test_a_run_resumed_in_a_new_process_continues_token_for_token",
        "adapters/sglang/model/test_sequences.py::test_a_hundred_turns_are_one_sequence_that_never_drifts",
        "adapters/sglang/model/test_sequences.py::test_rendering_the_history_anew_would_give_other_tokens",
        "adapters/sglang/model/test_copilot.py",
        "adapters/sglang/text/test_rendering.py::test_a_hundred_turns_are_the_tokens_that_were_sent_and_sampled",
        "adapters/sglang/text/test_rendering.py::test_a_history_rendered_again_is_not_what_was_sampled",
    ),
    "An edited history begins a new sequence": (
        "adapters/sglang/model/test_sequences.py::test_an_edited_history_begins_a_new_sequence",
        "adapters/sglang/model/test_sequences.py::test_an_edited_response_begins_a_new_sequence",
        "adapters/sglang/model/test_sequences.py::test_new_instructions_or_tools_begin_a_new_sequence",
        "adapters/sglang/model/test_history.py::test_a_digest_covers_what_is_shown_and_not_the_ids",
    ),
    "No content can forge a turn or a call": (
        "adapters/sglang/text/test_rendering.py::test_no_content_can_forge_a_turn",
        "adapters/sglang/text/test_vocabulary.py::test_untrusted_text_holds_no_added_token_and_reads_as_itself",
        "adapters/sglang/model/test_native.py::test_a_document_can_not_forge_a_turn",
        "adapters/sglang/model/test_native.py::test_letters_that_spell_a_call_are_none_unless_one_was_forced",
        "adapters/sglang/contract/test_rendering.py::test_a_tool_can_not_forge_a_turn",
        "adapters/sglang/model/test_forging.py",
    ),
    "Masked text comes back as it was, and decoding in pieces is decoding the whole": (
        "adapters/sglang/text/test_masking.py",
        "adapters/sglang/text/test_vocabulary.py",
    ),
    "A chat template runs in a sandbox, and a hostile one is bounded": (
        "adapters/sglang/text/test_template.py",
        "adapters/sglang/text/test_bombs.py",
    ),
    "What a format writes reads back as it was, or is refused, in whatever pieces it arrives": (
        "adapters/sglang/parsing/test_round_trip.py",
        "adapters/sglang/parsing/test_recorded.py",
    ),
    "A malformed or cut-off call is named, sent back and never executed": (
        "adapters/sglang/parsing/test_strictness.py",
        "adapters/sglang/parsing/test_round_trip.py::test_a_call_that_is_cut_off_anywhere_is_no_call",
        "adapters/sglang/model/test_native.py::test_a_malformed_call_is_sent_back_and_never_executed",
        "adapters/sglang/model/test_native.py::test_a_call_cut_off_by_the_limit_is_never_executed",
        "adapters/sglang/model/test_history.py::test_the_arguments_of_a_malformed_call_are_never_an_object",
    ),
    "A stream has the parts and tokens of a whole response, and its stop strings are not shown": (
        "adapters/sglang/model/test_native.py::test_a_stream_gives_the_parts_and_details_of_a_whole_response",
        "adapters/sglang/model/test_servers.py",
        "adapters/sglang/model/test_stopping.py",
        "adapters/sglang/contract/test_streams.py",
    ),
    "Model strings and settings that mean nothing are refused, and keys are never shown": (
        "adapters/sglang/model/test_address.py",
        "adapters/sglang/model/test_settings.py",
        "adapters/sglang/protocol/test_addresses.py",
    ),
    "Importing the SGLang adapter loads nothing until it is used": ("adapters/sglang/model/test_import.py",),
    "A server that dies or is full loses no run, and each failure says who is to blame": (
        "adapters/sglang/transport/test_fleet.py",
        "adapters/sglang/transport/test_faults.py",
        "adapters/sglang/transport/test_gate.py",
        "adapters/sglang/transport/test_chat.py",
        "adapters/sglang/contract/test_faults.py",
    ),
    "What arrived is kept and gone on with, token for token": (
        "adapters/sglang/transport/test_faults.py::test_a_stream_that_breaks_is_gone_on_with_from_its_last_token",
        "adapters/sglang/transport/test_asking.py::test_what_was_sampled_before_an_abort_is_kept_and_gone_on_with",
        "adapters/sglang/protocol/test_piece.py",
    ),
    "A cancelled request is aborted on its server, behind a router too": (
        "adapters/sglang/transport/test_asking.py",
        "adapters/sglang/transport/test_faults.py::test_behind_a_gateway_an_abort_reaches_the_workers",
        "adapters/sglang/contract/test_control.py::test_a_cancelled_request_is_aborted_on_the_server",
    ),
    "Equal keys go to one server, and a lost server moves its own keys only": (
        "adapters/sglang/transport/test_routing.py",
    ),
    "What a server says is read as the standards have it, and what is out of protocol is never tokens": (
        "adapters/sglang/protocol/test_faults_read.py",
        "adapters/sglang/protocol/test_piece.py",
        "adapters/sglang/protocol/test_sse.py",
    ),
    "A hostile server is bounded and named, and its key is in no error and no repr": (
        "adapters/sglang/transport/test_hostile.py",
        "adapters/sglang/model/test_hostile.py",
        "adapters/sglang/transport/test_faults.py::test_a_key_goes_out_in_a_header_and_comes_back_in_nothing",
    ),
    "New weights and adapters are on every server, or the error says where not": (
        "adapters/sglang/transport/test_weights.py",
        "adapters/sglang/contract/test_control.py",
    ),
    "A server and all that it started live and die together, and a death is told with its cause": (
        "adapters/sglang/serving/test_launching.py",
    ),
    "The command of a server is exact, and no key is on it, in its log or left behind": (
        "adapters/sglang/serving/test_flags.py",
        "adapters/sglang/serving/test_commands.py",
        "adapters/sglang/serving/test_launching.py::test_a_key_is_never_in_the_log_and_the_log_is_private",
    ),
    "A server that accepts and stays silent is left for one that answers": (
        "adapters/sglang/transport/test_silence.py",
    ),
    "What a model folder needs and the hub does not have is named, never guessed": (
        "adapters/sglang/model/test_offline.py",
    ),
    "Tests of the real server fail where it is not built, unless told to skip": (
        "adapters/sglang/cpu/test_starting.py",
    ),
    "What is no model is refused before anything is started": ("adapters/sglang/serving/test_folders.py",),
    "Sizes of weights and caches are those that their makers publish": ("adapters/sglang/serving/test_memory.py",),
    "Every family's parsers are SGLang's, and its format is metier's for them": (
        "adapters/sglang/serving/test_families.py",
    ),
    "The figures of a server and of a bench follow from what was counted": ("adapters/sglang/serving/test_measure.py",),
    "A real SGLang server, the fake one and the OpenAI-compatible route keep one contract": (
        "adapters/sglang/contract/test_control.py",
        "adapters/sglang/contract/test_dialogues.py",
        "adapters/sglang/contract/test_faults.py",
        "adapters/sglang/contract/test_grammars.py",
        "adapters/sglang/contract/test_sampling.py",
        "adapters/sglang/contract/test_streams.py",
    ),
    "Prompts and parsed responses are those of the server's own template and parsers": (
        "adapters/sglang/contract/test_rendering.py",
        "adapters/sglang/contract/test_parsers.py",
    ),
    "The travel copilot on weights served by SGLang calls tools over MCP, and a wrong plan is caught": (
        "adapters/sglang/contract/test_travel.py",
    ),
    "The fake server answers as SGLang does, by tokens, and says that it is a fake": (
        "adapters/sglang/fake/test_cache.py",
        "adapters/sglang/fake/test_chat_route.py",
        "adapters/sglang/fake/test_engine.py",
        "adapters/sglang/fake/test_grammar.py",
        "adapters/sglang/fake/test_plan.py",
        "adapters/sglang/fake/test_reading.py",
        "adapters/sglang/fake/test_server.py",
    ),
    "A tiny checkpoint is one for a seed, and its scripts say the same to every server": (
        "adapters/sglang/tiny/test_checkpoint.py",
        "adapters/sglang/tiny/test_fitting.py",
        "adapters/sglang/tiny/test_samples.py",
        "adapters/sglang/tiny/test_scripts.py",
        "adapters/sglang/tiny/test_template.py",
        "adapters/sglang/tiny/test_tokenizer.py",
    ),
    "Each command of the pages on SGLang and on traces runs, and each flag and figure on them is the program's own": (
        "test_docs_sglang.py",
    ),
    # Runs as data for training
    "Each prompt of a run goes on from the one before": ("sdk/runtime/test_notes.py",),
    "A training sample is what was sent and sampled, and each sampled token trains once": (
        "sdk/nouns/test_tokens.py",
        "sdk/export/test_branches.py",
    ),
    "Token ids that would spell a secret are not kept": ("sdk/runtime/test_records.py",),
    "The tokens of a run are shown turn by turn, and the sums are those of the turns": (
        "sdk/cli/tracing/test_tokens.py",
    ),
    "What is exported is in the fields of its readers, reads back as it was, and a file is whole or not there": (
        "sdk/export/test_formats.py",
        "sdk/export/test_files.py",
        "sdk/cli/tracing/test_export.py",
    ),
    "A run whose token records are damaged is left out by name, and the others are written": (
        "sdk/export/test_damage.py",
    ),
    "A model is open while a run goes, and closed after it": ("sdk/runtime/test_entering.py",),
    "Commands of other packages are listed unloaded; a broken one harms no other": ("sdk/cli/test_adapters.py",),
    "Values have equal digests exactly when they are written the same": ("sdk/nouns/test_canonical.py",),
    # Modes
    "The prompt of the iterative mode does not grow, and nothing that a report cited vanishes unseen": (
        "sdk/modes/iterative/test_iterative.py",
        "sdk/modes/iterative/test_report.py",
        "sdk/modes/conversation/test_recall.py",
    ),
    "A window that fills is summed up; a failing summariser loses nothing": (
        "sdk/modes/resum/test_resum.py",
        "sdk/modes/resum/test_summary.py",
    ),
    "Weights with a protocol of their own work behind the same model interface, byte for byte the same each time": (
        "sdk/profiles/test_tongyi_model.py",
        "sdk/profiles/test_prompt.py",
        "sdk/profiles/test_registry.py",
        "sdk/profiles/test_runs.py",
    ),
    "Malformed output of a model is named and told, never raised, guessed at or lost": (
        "sdk/profiles/test_parsing.py",
        "sdk/profiles/test_profile.py",
    ),
    "A page cannot forge a tag of a model's protocol": ("sdk/profiles/test_writing.py",),
    # Research, its sources
    "Every live search engine and catalogue answers the toolkit's own tools and hands on what it lacks": (
        "toolkits/research/live/test_providers.py",
    ),
    "Several queries are asked at once, come back in order, and one that fails does not lose the others": (
        "toolkits/research/live/test_calls.py",
    ),
    "What a source answers is read as hits and records with DOI, version and date, and no answer breaks a reader": (
        "toolkits/research/live/test_shapes.py",
    ),
    "Titles, snippets, dates and addresses of a source come plain, unwrapped and bounded": (
        "toolkits/research/live/test_fields.py",
    ),
    "A source's refusal says who is to mend it and whether to wait, and no key is ever told": (
        "toolkits/research/live/test_refusals.py",
    ),
    "Requests of a source keep their distance over all runs and processes": ("toolkits/research/live/test_pacing.py",),
    "Only public addresses are fetched, resolved once, and every hop is checked": (
        "toolkits/research/web/test_addresses.py",
        "toolkits/research/web/test_urls.py",
        "toolkits/research/web/test_fetch.py",
    ),
    "Five hundred hostile pages reach no other machine, break no limit and hide no word": (
        "toolkits/research/web/hostile/test_hostile.py",
    ),
    "A body never unpacks beyond its limit": ("toolkits/research/web/test_unpacking.py",),
    "robots.txt is obeyed at every hop and the agent is honest": ("toolkits/research/web/test_robots.py",),
    "A key for a service goes nowhere else and into no message": ("toolkits/research/web/test_asking.py",),
    "The same bytes give the same page, and what nobody sees is not in it": (
        "toolkits/research/reading/test_document.py",
    ),
    "Passages stand in their page letter by letter; a table row is never split": (
        "toolkits/research/reading/test_passages.py",
    ),
    "A quote is found however it is typeset, and never inside a word or number": (
        "toolkits/research/reading/test_quoting.py",
    ),
    "A model may only choose passages; evidence is the page's own words": (
        "toolkits/research/reading/test_extracting.py",
    ),
    # Research, its tools
    "A walk stays on its site, finds what is four clicks deep within fifteen, and keeps only what helps": (
        "toolkits/research/walking/test_walk.py",
        "toolkits/research/walking/test_site.py",
    ),
    "Research tools bear plain or seed names, answer several queries at once, and one failure loses no other": (
        "toolkits/research/server/test_research_tools.py",
    ),
    "A model that reads pages only chooses; its words are no evidence and its key reaches nobody": (
        "toolkits/research/server/test_extractor.py",
    ),
    "The sample question is answered offline, and what is not here is asked of the next provider": (
        "toolkits/research/server/test_research_run.py",
    ),
    "Five hundred hostile pages make an obedient model do nothing unapproved and report nothing false": (
        "toolkits/research/server/test_obedient_model.py",
    ),
    "`metier research` adds, lists, searches, reads and removes wikis; errors are one line": (
        "toolkits/research/commands/test_commands.py",
    ),
    "Every command of the pages on deep research does what they say": ("toolkits/research/commands/test_docs.py",),
    "A model's program reaches no network, no file of the user, no other process, and says which isolation held it": (
        "toolkits/research/sandbox/test_escapes.py",
        "toolkits/research/sandbox/test_parts.py",
    ),
    "A program ends at its limits of time, memory, disk and output, and weak isolation is never taken unasked": (
        "toolkits/research/sandbox/test_running.py",
    ),
    "Only files below folders the user named are read; links, devices and paths that lead out are refused": (
        "toolkits/research/files/test_opening.py",
    ),
    "Documents give stable pages without their hidden parts; bombs and damaged files are refused, never a crash": (
        "toolkits/research/files/test_reading.py",
    ),
    "A wiki on this machine is imported whole or not at all, killed or not": (
        "toolkits/research/wiki/test_importing.py",
    ),
    "A search of a wiki gives the same bytes, whatever order it was imported in, and no query is syntax": (
        "toolkits/research/wiki/test_search.py",
    ),
    "A page of a wiki is read as it was given, redirects followed": (
        "toolkits/research/wiki/test_store.py",
        "toolkits/research/wiki/test_address.py",
    ),
    "Wikis are searched as one, and a damaged one spoils no other": ("toolkits/research/wiki/test_shelf.py",),
    "MediaWiki exports, ZIM files and JSON lines are read for what they hold; a broken dump adds nothing": (
        "toolkits/research/wiki/dumps/test_mediawiki.py",
        "toolkits/research/wiki/dumps/test_zim.py",
        "toolkits/research/wiki/dumps/test_jsonl.py",
        "toolkits/research/wiki/dumps/test_adding.py",
    ),
    "Wikitext is what its reader sees, and markup that never closes costs one pass": (
        "toolkits/research/wiki/dumps/test_wikitext.py",
    ),
    "The generated wiki is made from one truth, and marked where it contradicts itself, is old, copied or hostile": (
        "toolkits/research/world/test_truth.py",
        "toolkits/research/world/test_pages.py",
    ),
    "Every generated research question has one answer, proved by brute force, with the pages that lead to it": (
        "toolkits/research/world/test_world_tasks.py",
    ),
    "A research answer is graded by what it means, not how it is written": ("toolkits/research/world/test_grading.py",),
    "The sample wiki is imported like real data, once": ("toolkits/research/world/test_research_sample.py",),
    "The research playbook answers multi-hop questions from what it read, shows conflicts, and obeys no page": (
        "toolkits/research/playbook/test_playing.py",
        "toolkits/research/playbook/test_statements.py",
        "toolkits/research/playbook/test_questions.py",
    ),
    "Whatever tools return, the research playbook gives a move and comes to an end": (
        "toolkits/research/playbook/test_any_observations.py",
    ),
    "React is a golden transcript, and no tool is found by part of its name": ("sdk/modes/react/test_golden.py",),
    "All calls of a turn are made, and nothing unusable loops": ("sdk/modes/react/test_turns.py",),
    "At any limit the newest observation is kept and an answer is asked for": (
        "sdk/modes/react/test_budgets.py",
        "sdk/modes/conversation/test_window.py",
    ),
    "A run that gets nowhere is known by its evidence, not by repeated calls": ("sdk/modes/react/test_progress.py",),
    "Prose of a model becomes the toolkit's answer, and malformed output is told": ("sdk/modes/react/test_prose.py",),
    "A mode killed after any effect goes on to the same trace": ("sdk/modes/test_resuming.py",),
    "Events of every mode are in order and hold no secret": ("sdk/modes/test_telling.py",),
    "A mode is read back as it was spelled": ("sdk/modes/conversation/test_spelling.py",),
    "Every number, name and quote of a report stands in what it cites, and no forged report passes": (
        "toolkits/research/checks/test_attacks.py",
        "toolkits/research/checks/test_rules.py",
    ),
    "No report makes a check fail": ("toolkits/research/checks/test_robustness.py",),
    "Numbers, units, dates, names and orders are read the same way everywhere": (
        "toolkits/research/language/test_quantities.py",
        "toolkits/research/language/test_words.py",
    ),
    "Prose of a model becomes a report only as far as the run supports it": (
        "toolkits/research/drafting/test_drafting.py",
    ),
    "A report's files are the same bytes, list exactly what is cited, and run nothing of a stranger": (
        "toolkits/research/rendering/test_report_files.py",
        "toolkits/research/rendering/test_report_page.py",
    ),
    "Each command of the page on modes runs, and each mode, option and limit on it is there": ("test_docs_modes.py",),
    "Heavy gives a result whatever becomes of some researchers, and its parts sum up to its cost": (
        "sdk/modes/heavy/test_heavy.py",
    ),
    "Researchers that contradict each other are shown with every side, or not at all": (
        "sdk/modes/heavy/test_conflicts.py",
        "sdk/modes/heavy/test_agreement.py",
    ),
    "A heavy run that is broken off, waits or loses a server repeats nothing finished and leaves nothing behind": (
        "sdk/modes/heavy/test_heavy_resuming.py",
    ),
    "A section is written from its own evidence, and a run stopped at a limit gives the finished ones": (
        "sdk/modes/outline/test_outline.py",
        "sdk/modes/outline/test_outline_broken_off.py",
    ),
    "Every claim of a heavy run tells who found and who states it": ("sdk/cli/test_origins.py",),
    "A page made to cost time is read like any other": ("toolkits/research/reading/test_hostile_markup.py",),
    "A statement says no more than its sources; headings and short answers claim nothing new": (
        "toolkits/research/checks/test_added.py",
    ),
    "Only a generated world is called fictional": ("toolkits/research/rendering/test_synthetic.py",),
    "Nothing that a model wrote forges a turn in its next prompt": ("sdk/modes/test_neutral_prompts.py",),
    "The research tools serve every mode, with any model": ("toolkits/research/server/test_research_modes.py",),
    "A page rendered by a Chromium reaches nobody that a fetch could not, reads no file and leaves nothing": (
        "toolkits/research/web/browser/test_rendering.py",
    ),
    "A browser's proxy leads where a fetch may go, and nowhere else": (
        "toolkits/research/web/browser/test_proxy.py",
        "toolkits/research/web/browser/test_request.py",
    ),
    "A page of scripts is rendered where the user wants it, and says so": (
        "toolkits/research/web/browser/test_reading_rendered.py",
    ),
}
