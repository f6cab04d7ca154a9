"""Switch each guard of the sync off, one by one: a named test must turn red.

`python -m tests.property.mutants [GUARD ...]` prints the table and ends with 1 if a guard could be
taken away without any test noticing.
"""

import os
import subprocess
import sys

MATRIX = "tests/property/test_sync_matrix.py::"
MACHINE = "tests/property/test_sync_machine.py"
PEOPLE_ = "tests/property/test_sync_guards_people.py::"
WHILE_ = "tests/property/test_sync_guards_while.py::"
LOST_ = "tests/property/test_sync_guards_lost.py::"
RUNNING_ = "tests/property/test_sync_guards_running.py::"
CLOCK_ = "tests/unit/test_clock.py::"
BUDGET_ = "tests/integration/test_lease_and_budget.py::"
RESTORED_ = "tests/integration/test_restored.py::"
WORDS_ = "tests/integration/test_platform_words.py::"
NOTES_ = "tests/integration/test_notes_between_transactions.py::"
BROKER_ = "tests/unit/test_file_broker.py::"
LEAVES_ = "tests/property/test_deliveries.py::"
GUARDS_ = "tests/property/test_sync_guards.py::"
SIEVE_ = "tests/property/test_sieve.py::"
FIRST_ = "tests/integration/test_first_sync.py::"
AHEAD_ = "tests/property/test_read_ahead.py::"
THREADS_ = "tests/unit/test_read_ahead_threads.py::"
LINES_ = "tests/integration/test_several_lines.py::"
LIVE_ = "tests/integration/test_live.py::"
ANSWERS_ = "tests/integration/test_answers.py::"
READ_ = "tests/integration/test_readings.py::"

# guard -> the test that must notice (the narrowest that does)
MUTANTS = {
    "intent_before_create": GUARDS_ + "test_a_create_that_a_crash_cut_off_is_known_by_its_marker",
    "find_before_recreate": GUARDS_ + "test_an_unknown_create_is_not_repeated_at_once",
    "two_absences_before_recreate": GUARDS_ + "test_one_lying_list_does_not_repeat_a_create",
    "two_bases": GUARDS_ + "test_what_the_platform_rewrites_is_not_sent_to_and_fro",
    "keep_conflicts": MATRIX + "test_every_fault_at_every_call[edits_of_one_field]",
    "edit_beats_delete": MATRIX + "test_every_fault_at_every_call[our_cancel_their_edit]",
    "complete_listing_only": GUARDS_ + "test_an_incomplete_list_proves_no_absence",
    "between_syncs_proves_nothing": LIVE_ + "test_what_a_live_run_lacks_means_nothing",
    "numbers_tell": READ_ + "test_whose_numbers_change_is_read_at_once",
    "numbers_are_no_proof": READ_ + "test_who_was_in_a_past_session_is_read_once_a_week",
    "two_misses_before_gone": GUARDS_ + "test_one_short_list_takes_nothing_away",
    "observe_before_act": GUARDS_ + "test_a_delete_looks_first",
    "changed_fields_only": GUARDS_ + "test_only_the_changed_field_is_sent",
    "brake": GUARDS_ + "test_an_empty_list_pulls_the_brake",
    "confirm_by_get": GUARDS_ + "test_a_get_confirms_what_two_lists_miss",
    "fence": MATRIX + "test_a_worker_that_lost_its_lease_writes_nothing",
    "reinstated": PEOPLE_ + "test_who_is_reinstated_here_is_put_there_anew",
    "key_as_shown": PEOPLE_ + "test_a_group_whose_name_is_rewritten_is_found_again",
    "back_there_stands_here": PEOPLE_ + "test_who_comes_back_there_is_not_removed_again",
    "unknown_again": PEOPLE_ + "test_who_comes_back_there_without_a_name_keeps_theirs",
    "doubted": PEOPLE_ + "test_what_others_made_meanwhile_does_not_swallow_what_we_typed",
    "observations_age": WHILE_ + "test_an_edit_in_the_panel_while_a_sync_runs_is_not_overwritten",
    "skip_lists_of_missed": WHILE_ + "test_the_lists_of_what_is_missed_are_not_asked_for",
    "gone_meanwhile": WHILE_ + "test_what_is_deleted_while_a_sync_runs_is_no_trouble",
    "back_after_our_delete": WHILE_
    + "test_who_was_removed_here_and_is_back_there_stands_here_again",
    "unknown_again_after_all": WHILE_
    + "test_somebody_deleted_here_who_comes_back_there_is_a_person_again",
    "bring_along_own_words": WHILE_ + "test_a_name_corrected_there_soon_after_inviting_comes_here",
    "notes_wait": WHILE_ + "test_a_note_about_somebody_who_is_not_shown_yet_waits",
    "found_by_likeness": LOST_ + "test_what_was_changed_before_we_looked_is_found",
    "likely_after_the_grace": LOST_ + "test_before_the_grace_is_over_nothing_is_taken_for_ours",
    "asked_which_it_is": LOST_ + "test_retitled_and_moved_it_is_asked_about_and_never_made_twice",
    "absences_apart": LOST_ + "test_two_looks_within_one_sync_do_not_allow_a_second_create",
    "lost_answers_are_told": LOST_ + "test_a_lost_answer_leaves_a_line_when_it_is_settled",
    "told_where_they_stand": PEOPLE_ + "test_no_platform_learns_of_others",
    "fence_after_budget": RUNNING_ + "test_nothing_leaves_once_the_lease_is_another_s",
    "fence_settles": RUNNING_ + "test_who_lost_the_lease_settles_nothing",
    "fenced_claims": RUNNING_ + "test_a_claim_needs_the_lease",
    "settled_once": RUNNING_ + "test_what_left_the_account_meanwhile_is_not_brought_back",
    "pause_is_theirs": RUNNING_ + "test_our_own_pace_is_never_called_theirs",
    "breaker_before_push": RUNNING_ + "test_what_is_left_alone_is_not_asked_by_an_edit",
    "between_listings": RUNNING_ + "test_an_edit_leaves_before_a_long_sync_ends",
    "read_again": RUNNING_ + "test_what_is_cancelled_meanwhile_is_not_asked_for_its_lists",
    "urgent_first": RUNNING_ + "test_a_cancel_leaves_before_300_registrations",
    "gives_way": LEAVES_ + "test_an_edit_in_the_middle_of_a_batch_goes_first",
    "fair_share": LEAVES_ + "test_a_worker_turns_to_others_who_wait",
    "listing_undisturbed": LEAVES_ + "test_what_the_listing_may_show_waits_for_its_end",
    "withdrawn_meanwhile": LEAVES_ + "test_who_is_withdrawn_while_a_batch_is_under_way_is_not_sent",
    "due_sync_first": RUNNING_ + "test_a_sync_that_is_due_comes_before_the_next_round[-1-sync]",
    "meets_link": WHILE_ + "test_who_is_brought_along_in_this_round_is_met_by_their_own_note",
    "marks_stay": LOST_ + "test_a_marker_that_the_platform_did_not_keep_is_not_relied_on",
    "unsent_stays": PEOPLE_ + "test_who_registers_there_after_being_withdrawn_here_unsent_stays",
    "same_written": WORDS_ + "test_ours_stays_as_it_was_written",
    "others_in_their_place": PEOPLE_ + "test_a_list_that_shows_others_instead_has_lost_nobody",
    "one_clock": CLOCK_ + "test_a_wrong_clock_of_this_machine_changes_nothing",
    "absurd_bucket": BUDGET_
    + "test_a_bucket_further_ahead_than_its_burst_does_not_freeze_the_account",
    "synced_by_base": NOTES_ + "test_synced_is_said_only_where_the_row_equals_its_base",
    "whole_messages": BROKER_ + "test_a_message_that_is_being_written_is_not_seen",
    "restore_noticed": RESTORED_ + "test_webinars_and_mails_are_not_made_twice[clickmeeting]",
    "restored_mails": RESTORED_ + "test_webinars_and_mails_are_not_made_twice[clickmeeting]",
    "restored_creates": RESTORED_ + "test_webinars_and_mails_are_not_made_twice[trueconf]",
    "restored_asks": RESTORED_ + "test_our_own_news_are_not_told_again_as_the_platforms",
    "restored_left_late": RESTORED_ + "test_a_create_that_had_waited_long_and_was_changed_since",
    "restored_actions": RESTORED_ + "test_actions_that_waited_are_not_done_again",
    "equal_is_asked": RESTORED_ + "test_unnoticed_the_very_same_is_asked_about[trueconf-none]",
    "looked_for_after_long": RESTORED_
    + "test_unnoticed_the_very_same_is_asked_about[trueconf-none]",
    "row_agrees": SIEVE_ + "test_what_passes_of_a_person_asks_for_nothing",
    "facts_agree": SIEVE_ + "test_what_passes_of_a_registration_asks_for_nothing",
    "open_links_are_seen": WHILE_ + "test_who_was_removed_here_and_is_back_there_stands_here_again",
    "save_ends_a_digest": SIEVE_ + "test_what_is_changed_back_there_is_news",
    "shown_as_agreed": SIEVE_ + "test_what_passes_of_a_person_asks_for_nothing",
    "digests_are_exchanged": SIEVE_ + "test_a_digest_is_not_written_over_what_was_saved_meanwhile",
    "careful_places": SIEVE_ + "test_a_row_whose_entry_was_lost_is_sent_all_the_same",
    "met_rows": PEOPLE_ + "test_who_comes_back_there_without_a_name_keeps_theirs",
    "brake_before_new": FIRST_ + "test_nothing_is_taken_up_before_it_is_known_that_the_brake_holds",
    "batches_are_whole": FIRST_ + "test_one_that_cannot_be_kept_keeps_nobody_out",
    "rests_before_sending": AHEAD_ + "test_what_is_renamed_meanwhile_keeps_its_new_name",
    "careful_at_their_turn": AHEAD_
    + "test_a_place_whose_rows_are_read_at_its_turn_is_asked_for_at_its_turn",
    "only_the_registered": ANSWERS_ + "test_a_sync_tells_no_platform_of_who_is_only_asked",
    "people_of_the_registered": ANSWERS_ + "test_a_sync_makes_no_person_there_of_who_is_only_asked",
    "registered_there": ANSWERS_ + "test_whoever_registers_on_the_platform_is_registered_here",
    "parents_stand": AHEAD_ + "test_a_webinar_cancelled_meanwhile_has_no_lists_in_what_comes_later",
    "pause_stops_all_lines": THREADS_
    + "test_a_pause_is_written_down_by_the_runs_own_thread_at_once",
    "trouble_stops_what_follows": THREADS_
    + "test_after_trouble_of_the_account_nothing_more_is_begun",
    "tokens_by_one_thread": LINES_ + "test_a_token_that_ends_is_renewed_once",
}
# Their tests need two connections that write at a time: with DATABASE_URL at a PostgreSQL.
ON_POSTGRESQL = {
    "notes_held": NOTES_ + "test_a_note_that_an_edit_relies_on_is_claimed_after_the_edit",
}


def turns_red(guard: str, test: str) -> bool:
    """Run one test with one guard switched off."""
    environment = os.environ | {
        "SYNC_GUARD_OFF": guard,
        "CELERY_BROKER_URL": "memory://",
        "HYPOTHESIS_PROFILE": "nightly",  # the matrices whole: each call, each step
    }
    command = [sys.executable, "-m", "pytest", "-q", "-x", "-p", "tests.property.guard_off", test]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    return done.returncode == 1


def main() -> int:
    """Print the table; 0 if every mutant was noticed. Arguments name the guards to try."""
    survivors = 0
    postgresql = os.environ.get("DATABASE_URL", "").startswith("postgres")
    for guard, test in (MUTANTS | (ON_POSTGRESQL if postgresql else {})).items():
        if sys.argv[1:] and guard not in sys.argv[1:]:
            continue
        red = turns_red(guard, test)
        survivors += not red
        print(f"{guard:30} {'red' if red else 'SURVIVED':9} {test.split('::')[-1]}", flush=True)  # noqa: T201 - the table is the result
    return 1 if survivors else 0


if __name__ == "__main__":
    sys.exit(main())
