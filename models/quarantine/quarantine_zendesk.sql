{{ quarantined('zendesk', ['organization', 'ticket', 'ticket_comment', 'ticket_field_history', 'ticket_tag', 'user']) }}
