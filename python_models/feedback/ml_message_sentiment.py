from customer_success.sentiment import Lexicon, score_messages


def model(dbt, session):
    dbt.config(materialized="incremental", incremental_strategy="delete+insert", unique_key="message_id")
    lexicon = Lexicon.from_rules(dbt.ref("emotion_words").df(), dbt.ref("complaint_themes").df())
    messages = dbt.ref("int_customer_messages").select(
        "message_id, message_text, md5(coalesce(message_text, '')) as text_hash"
    )
    if dbt.is_incremental:
        # Each model version scores a message once; a changed text is scored again.
        scored = session.sql(
            f"select message_id, text_hash from {dbt.this} where model_version = '{lexicon.version}'"
        )
        messages = messages.join(scored, "message_id, text_hash", how="anti")
    return score_messages(messages.to_arrow_table(), lexicon)
