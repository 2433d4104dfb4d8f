-- A user may have several roles on one organization, workspace or project: editor and operator of one project. What
-- they may is the union. The flag payload is the same in all rows of a user and a target.
DROP INDEX role_assignment_once;
CREATE UNIQUE INDEX role_assignment_once ON role_assignment (user_id, level, target_id, role);
