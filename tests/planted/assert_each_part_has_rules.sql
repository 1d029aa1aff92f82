-- A part without rules.
insert into rules.health_parts (health_model, part, weight, reason) values ('guide_v1', 'mood', 0, 'planted');
