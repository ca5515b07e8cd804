-- A database as of m0009_team_lists. Never changed: see released.rs
-- olga's key: RJYS5N2GXDMJF2VY6SRHFIROMEUPJVCD
-- olga's recovery code: 8y4q-5bz9-eqmp-641p
-- ada's key: CDHSIQMBOR36UVR7O3R7LMJTQW4BT33U
-- ada's recovery code: dzhh-wpyk-xegc-qz1c
-- sam's recovery code: 68ts-tvsw-fdh8-t0ce
-- invitation: rz4rfXQONaH-Jvt8BQFx1yl23yxU7_tTqLXqpksktfM
CREATE TABLE "seaql_migrations" ( "version" varchar NOT NULL PRIMARY KEY, "applied_at" integer NOT NULL );
CREATE TABLE "users" ( "id" uuid_text NOT NULL, "email" text NOT NULL, "name" text NOT NULL, "password_hash" text NOT NULL, "language" text NULL, "created_at" integer NOT NULL, "password_changed_at" integer NOT NULL, "email_verified_at" integer NULL, "disabled_at" integer NULL, "factor_failures" integer NOT NULL, "factor_failed_at" integer NULL, "sign_in_link_due" boolean NOT NULL DEFAULT FALSE, "last_active_at" integer NULL, PRIMARY KEY ("id") );
CREATE TABLE "second_factors" ( "user_id" uuid_text NOT NULL, "kind" text NOT NULL, "sealed_secret" blob NOT NULL, "key_id" text NOT NULL, "enabled_at" integer NOT NULL, "last_step" integer NOT NULL, PRIMARY KEY ("user_id"), FOREIGN KEY ("user_id") REFERENCES "users" ("id") ON DELETE CASCADE );
CREATE TABLE "recovery_codes" ( "user_id" uuid_text NOT NULL, "code_hash" blob NOT NULL, "used_at" integer NULL, PRIMARY KEY ("user_id", "code_hash"), FOREIGN KEY ("user_id") REFERENCES "users" ("id") ON DELETE CASCADE );
CREATE TABLE "enrolments" ( "user_id" uuid_text NOT NULL, "id" uuid_text NOT NULL, "purpose" text NOT NULL, "session_id" uuid_text NOT NULL, "sealed_secret" blob NOT NULL, "key_id" text NOT NULL, "expires_at" integer NOT NULL, "failures" integer NOT NULL, PRIMARY KEY ("user_id"), FOREIGN KEY ("user_id") REFERENCES "users" ("id") ON DELETE CASCADE );
CREATE TABLE "sessions" ( "token_hash" blob NOT NULL, "id" uuid_text NOT NULL, "user_id" uuid_text NOT NULL, "created_at" integer NOT NULL, "last_active_at" integer NOT NULL, "second_factor_at" integer NULL, "step_up_failures" integer NOT NULL, "address" text NOT NULL, "browser" text NOT NULL, PRIMARY KEY ("token_hash"), FOREIGN KEY ("user_id") REFERENCES "users" ("id") ON DELETE CASCADE );
CREATE TABLE "pending_sign_ins" ( "token_hash" blob NOT NULL, "user_id" uuid_text NOT NULL, "expires_at" integer NOT NULL, "failures" integer NOT NULL, "link_hash" blob NULL, PRIMARY KEY ("token_hash"), FOREIGN KEY ("user_id") REFERENCES "users" ("id") ON DELETE CASCADE );
CREATE TABLE "pending_sign_ups" ( "token_hash" blob NOT NULL, "email" text NOT NULL, "name" text NOT NULL, "account_name" text NOT NULL, "password_hash" text NOT NULL, "expires_at" integer NOT NULL, PRIMARY KEY ("token_hash") );
CREATE TABLE "accounts" ( "id" uuid_text NOT NULL, "name" text NOT NULL, "created_at" integer NOT NULL, "owner_id" uuid_text NOT NULL, "required_from" integer NULL, "trusted_browsers_allowed" boolean NOT NULL, "sms_counts" boolean NOT NULL, "settings_version" integer NOT NULL, "settings_changed_at" integer NULL, "settings_changed_by" uuid_text NULL, PRIMARY KEY ("id") );
CREATE TABLE "memberships" ( "account_id" uuid_text NOT NULL, "user_id" uuid_text NOT NULL, "roles" integer NOT NULL, "joined_at" integer NOT NULL, "last_used_at" integer NULL, "user_name" text NOT NULL DEFAULT '', "factor_kind" text NULL, PRIMARY KEY ("account_id", "user_id"), FOREIGN KEY ("account_id") REFERENCES "accounts" ("id") ON DELETE CASCADE, FOREIGN KEY ("user_id") REFERENCES "users" ("id") ON DELETE CASCADE );
CREATE TABLE "audit_events" ( "id" uuid_text NOT NULL, "at" integer NOT NULL, "kind" text NOT NULL, "actor_kind" text NOT NULL, "actor_id" uuid_text NULL, "actor_name" text NOT NULL, "account_id" uuid_text NULL, "subject_id" uuid_text NULL, "subject_name" text NOT NULL, "address" text NOT NULL, "browser" text NOT NULL, "details" text NOT NULL, PRIMARY KEY ("id") );
CREATE TABLE "mails" ( "id" uuid_text NOT NULL, "sealed_mail" blob NOT NULL, "key_id" text NOT NULL, "created_at" integer NOT NULL, "next_try_at" integer NOT NULL, "tries" integer NOT NULL, PRIMARY KEY ("id") );
CREATE TABLE "instance" ( "id" integer NOT NULL, "application" text NOT NULL, "created_at" integer NOT NULL, "key_check" blob NOT NULL, "setup_token_hash" blob NULL, PRIMARY KEY ("id") );
CREATE TABLE "announcements" ( "id" uuid_text NOT NULL, "account_id" uuid_text NOT NULL, "kind" text NOT NULL, "due_at" integer NOT NULL, "after_user" uuid_text NULL, PRIMARY KEY ("id"), FOREIGN KEY ("account_id") REFERENCES "accounts" ("id") ON DELETE CASCADE );
CREATE TABLE "invitations" ( "id" uuid_text NOT NULL, "account_id" uuid_text NOT NULL, "token_hash" blob NOT NULL, "email" text NOT NULL, "name" text NOT NULL, "roles" integer NOT NULL, "invited_by" text NOT NULL, "expires_at" integer NOT NULL, PRIMARY KEY ("id"), FOREIGN KEY ("account_id") REFERENCES "accounts" ("id") ON DELETE CASCADE );
CREATE TABLE "password_resets" ( "user_id" uuid_text NOT NULL, "token_hash" blob NOT NULL, "expires_at" integer NOT NULL, PRIMARY KEY ("user_id"), FOREIGN KEY ("user_id") REFERENCES "users" ("id") ON DELETE CASCADE );
CREATE TABLE "email_changes" ( "user_id" uuid_text NOT NULL, "token_hash" blob NOT NULL, "email" text NOT NULL, "expires_at" integer NOT NULL, PRIMARY KEY ("user_id"), FOREIGN KEY ("user_id") REFERENCES "users" ("id") ON DELETE CASCADE );
CREATE TABLE "known_browsers" ( "user_id" uuid_text NOT NULL, "token_hash" blob NOT NULL, "first_seen_at" integer NOT NULL, "last_seen_at" integer NOT NULL, PRIMARY KEY ("user_id", "token_hash"), FOREIGN KEY ("user_id") REFERENCES "users" ("id") ON DELETE CASCADE );
CREATE TABLE "trusted_browsers" ( "token_hash" blob NOT NULL, "id" uuid_text NOT NULL, "user_id" uuid_text NOT NULL, "fingerprint" blob NOT NULL, "created_at" integer NOT NULL, "expires_at" integer NOT NULL, "address" text NOT NULL, "browser" text NOT NULL, PRIMARY KEY ("token_hash"), FOREIGN KEY ("user_id") REFERENCES "users" ("id") ON DELETE CASCADE );
CREATE TABLE "tries" ( "bucket_hash" blob NOT NULL, "count" integer NOT NULL, "window_start" integer NOT NULL, "ends_at" integer NOT NULL, PRIMARY KEY ("bucket_hash") );
CREATE TABLE "sms_codes" ( "user_id" uuid_text NOT NULL, "purpose" text NOT NULL, "bound_to" blob NOT NULL, "code_hash" blob NOT NULL, "expires_at" integer NOT NULL, PRIMARY KEY ("user_id"), FOREIGN KEY ("user_id") REFERENCES "users" ("id") ON DELETE CASCADE );
CREATE TABLE "leases" ( "job" text NOT NULL, "ends_at" integer NOT NULL, PRIMARY KEY ("job") );
CREATE TRIGGER memberships_copy AFTER INSERT ON memberships BEGIN
        UPDATE memberships SET
            user_name = COALESCE((SELECT name FROM users WHERE id = NEW.user_id), ''),
            factor_kind = (SELECT kind FROM second_factors WHERE user_id = NEW.user_id)
        WHERE account_id = NEW.account_id AND user_id = NEW.user_id;
    END;
CREATE TRIGGER users_copy AFTER UPDATE OF name ON users WHEN OLD.name <> NEW.name BEGIN
        UPDATE memberships SET user_name = NEW.name WHERE user_id = NEW.id;
    END;
CREATE TRIGGER second_factors_copy_new AFTER INSERT ON second_factors BEGIN
        UPDATE memberships SET factor_kind = NEW.kind WHERE user_id = NEW.user_id;
    END;
CREATE TRIGGER second_factors_copy_kind AFTER UPDATE OF kind ON second_factors WHEN OLD.kind <> NEW.kind BEGIN
        UPDATE memberships SET factor_kind = NEW.kind WHERE user_id = NEW.user_id;
    END;
CREATE TRIGGER second_factors_copy_none AFTER DELETE ON second_factors BEGIN
        UPDATE memberships SET factor_kind = NULL WHERE user_id = OLD.user_id;
    END;
CREATE UNIQUE INDEX "users_email" ON "users" ("email");
CREATE UNIQUE INDEX "sessions_id" ON "sessions" ("id");
CREATE INDEX "sessions_user_id" ON "sessions" ("user_id");
CREATE INDEX "sessions_last_active_at" ON "sessions" ("last_active_at");
CREATE INDEX "pending_sign_ins_user_id" ON "pending_sign_ins" ("user_id");
CREATE INDEX "pending_sign_ins_expires_at" ON "pending_sign_ins" ("expires_at");
CREATE INDEX "pending_sign_ups_email" ON "pending_sign_ups" ("email");
CREATE INDEX "pending_sign_ups_expires_at" ON "pending_sign_ups" ("expires_at");
CREATE UNIQUE INDEX "enrolments_id" ON "enrolments" ("id");
CREATE INDEX "enrolments_expires_at" ON "enrolments" ("expires_at");
CREATE INDEX "memberships_user_id" ON "memberships" ("user_id");
CREATE INDEX "accounts_owner_id" ON "accounts" ("owner_id");
CREATE INDEX "audit_events_account_id_id" ON "audit_events" ("account_id", "id");
CREATE INDEX "audit_events_subject_id_id" ON "audit_events" ("subject_id", "id");
CREATE INDEX "audit_events_actor_id_id" ON "audit_events" ("actor_id", "id");
CREATE INDEX "mails_next_try_at" ON "mails" ("next_try_at");
CREATE INDEX "announcements_due_at" ON "announcements" ("due_at");
CREATE INDEX "announcements_account_id" ON "announcements" ("account_id");
CREATE UNIQUE INDEX "invitations_token_hash" ON "invitations" ("token_hash");
CREATE UNIQUE INDEX "invitations_account_id_email" ON "invitations" ("account_id", "email");
CREATE INDEX "invitations_expires_at" ON "invitations" ("expires_at");
CREATE INDEX "users_name_id" ON "users" ("name", "id");
CREATE UNIQUE INDEX "password_resets_token_hash" ON "password_resets" ("token_hash");
CREATE INDEX "password_resets_expires_at" ON "password_resets" ("expires_at");
CREATE UNIQUE INDEX "email_changes_token_hash" ON "email_changes" ("token_hash");
CREATE INDEX "email_changes_expires_at" ON "email_changes" ("expires_at");
CREATE INDEX "known_browsers_last_seen_at" ON "known_browsers" ("last_seen_at");
CREATE UNIQUE INDEX "trusted_browsers_id" ON "trusted_browsers" ("id");
CREATE INDEX "trusted_browsers_user_id" ON "trusted_browsers" ("user_id");
CREATE INDEX "trusted_browsers_expires_at" ON "trusted_browsers" ("expires_at");
CREATE INDEX "tries_ends_at" ON "tries" ("ends_at");
CREATE INDEX "pending_sign_ins_link_hash" ON "pending_sign_ins" ("link_hash");
CREATE INDEX "sms_codes_expires_at" ON "sms_codes" ("expires_at");
CREATE INDEX "known_browsers_token_hash" ON "known_browsers" ("token_hash");
CREATE INDEX "accounts_name" ON "accounts" ("name");
CREATE INDEX "accounts_required_from" ON "accounts" ("required_from");
CREATE INDEX "second_factors_kind" ON "second_factors" ("kind");
CREATE INDEX "second_factors_key_id" ON "second_factors" ("key_id");
CREATE INDEX "sessions_created_at" ON "sessions" ("created_at");
CREATE INDEX "memberships_account_id_user_name_user_id_factor_kind" ON "memberships" ("account_id", "user_name", "user_id", "factor_kind");
INSERT INTO seaql_migrations (version, applied_at) VALUES ('m0001_first_schema', 1795624397);
INSERT INTO seaql_migrations (version, applied_at) VALUES ('m0002_sign_in_link', 1795624397);
INSERT INTO seaql_migrations (version, applied_at) VALUES ('m0003_accounts', 1795624397);
INSERT INTO seaql_migrations (version, applied_at) VALUES ('m0004_team', 1795624397);
INSERT INTO seaql_migrations (version, applied_at) VALUES ('m0005_ways_in', 1795624397);
INSERT INTO seaql_migrations (version, applied_at) VALUES ('m0006_sms', 1795624397);
INSERT INTO seaql_migrations (version, applied_at) VALUES ('m0007_growth', 1795624397);
INSERT INTO seaql_migrations (version, applied_at) VALUES ('m0008_leases', 1795624397);
INSERT INTO seaql_migrations (version, applied_at) VALUES ('m0009_team_lists', 1795624397);
INSERT INTO users (id, email, name, password_hash, language, created_at, password_changed_at, email_verified_at, disabled_at, factor_failures, factor_failed_at, sign_in_link_due, last_active_at) VALUES (X'01A3185C5000793686144264009E561C', 'olga@example.org', 'Ada', '$argon2id$v=19$m=8192,t=1,p=1$3pnxQMWaQkx5sRQ0pf3HcA$be9AQ04bdGgRJAmY7p3IG2pgrwiBxuo6ZiIdkC8YNuI', NULL, 1800000000, 1800000000, 1800000000, NULL, 0, NULL, 0, 1800000000);
INSERT INTO users (id, email, name, password_hash, language, created_at, password_changed_at, email_verified_at, disabled_at, factor_failures, factor_failed_at, sign_in_link_due, last_active_at) VALUES (X'01A3185C53E87B84840FFBFF2ACFE7EF', 'ada@example.org', 'Grace', '$argon2id$v=19$m=8192,t=1,p=1$t3RCDjCEi7a8JgyuSewE9A$vtNVf9Y87N//CqJdeiQzTSbG6pO/SNYBl/uS1cT5fD0', NULL, 1800000001, 1800000001, 1800000001, NULL, 0, NULL, 0, 1800000001);
INSERT INTO users (id, email, name, password_hash, language, created_at, password_changed_at, email_verified_at, disabled_at, factor_failures, factor_failed_at, sign_in_link_due, last_active_at) VALUES (X'01A3185C57D075E4810AA1B5971C310E', 'sam@example.org', 'Grace', '$argon2id$v=19$m=8192,t=1,p=1$CT7GTcsKq1FdxPP8eP/5sQ$LMfIkWRRvUsmxTvoBUpqUFqKpprvrxgnvb4FYlSiglM', NULL, 1800000002, 1800000002, 1800000002, NULL, 0, NULL, 0, 1800000002);
INSERT INTO users (id, email, name, password_hash, language, created_at, password_changed_at, email_verified_at, disabled_at, factor_failures, factor_failed_at, sign_in_link_due, last_active_at) VALUES (X'01A3185C5BB878D796AB501FCF60FEA5', 'rob@example.org', 'Grace', '$argon2id$v=19$m=8192,t=1,p=1$zVVnRQOUvHtYRmMYv+yGVQ$hxCSf+yC7ikTD7dpnq30ZgsY2odzYRRDC9mXLfcenRQ', NULL, 1800000003, 1800000003, 1800000003, NULL, 0, NULL, 0, 1800000003);
INSERT INTO second_factors (user_id, kind, sealed_secret, key_id, enabled_at, last_step) VALUES (X'01A3185C5000793686144264009E561C', 'app', X'012B21DBBE05EE77C2D97DF24F3BFA9F8282264757C154789D7E714576E7F8D7D84CBAFEC6ECB8CA012788256A3A5B04791BF11AAC85DC5AE538880C9715B0B7E4', '2b21dbbe', 1800000000, 60000000);
INSERT INTO second_factors (user_id, kind, sealed_secret, key_id, enabled_at, last_step) VALUES (X'01A3185C53E87B84840FFBFF2ACFE7EF', 'app', X'012B21DBBE905B8036D078F486960EA31C6374AE3B01B5552D6C34F9DC96DBC1A931424CC4F4F6427995214DD1585536609BEFA86B13D8F5CE4A61FD6FDCB2F825', '2b21dbbe', 1800000001, 60000000);
INSERT INTO second_factors (user_id, kind, sealed_secret, key_id, enabled_at, last_step) VALUES (X'01A3185C57D075E4810AA1B5971C310E', 'sms', X'012B21DBBE80743BFEBC0147E1EC6944E9371D25551B9F83564BD97B1D8A3AB25288638277F8D25986F3E30327292F667B9502EB7C02CDE1D7F5', '2b21dbbe', 1800000000, 0);
INSERT INTO recovery_codes (user_id, code_hash, used_at) VALUES (X'01A3185C5000793686144264009E561C', X'E548A32BF5918DE7DE52901FF944C09678213350B6804CE3A2AF972D2FC80245', NULL);
INSERT INTO recovery_codes (user_id, code_hash, used_at) VALUES (X'01A3185C5000793686144264009E561C', X'3294B34731BAED319024C397C4C1B91F4E2B286F5C1A93C67DF58F342905CD59', NULL);
INSERT INTO recovery_codes (user_id, code_hash, used_at) VALUES (X'01A3185C5000793686144264009E561C', X'627C2C3B3101F77A9CD5911EA5741A365E34890FABC4BFAA56D2A7D0EFB795E6', NULL);
INSERT INTO recovery_codes (user_id, code_hash, used_at) VALUES (X'01A3185C5000793686144264009E561C', X'111CC64B3CDD8AF63C25207D319F3CB66A60CB0A8992D5854FBD896B332E1208', NULL);
INSERT INTO recovery_codes (user_id, code_hash, used_at) VALUES (X'01A3185C5000793686144264009E561C', X'8E15484AB2E6E1D3A1A69BC9B700708E8E0BEA45A2AB019BEE322EC1E51F41F0', NULL);
INSERT INTO recovery_codes (user_id, code_hash, used_at) VALUES (X'01A3185C5000793686144264009E561C', X'AD5D8204FE56C0F6E69E92FE4846F8D4B2249C919DDDA391875D15EF201794E5', NULL);
INSERT INTO recovery_codes (user_id, code_hash, used_at) VALUES (X'01A3185C5000793686144264009E561C', X'0A22F73BC41281C93A637A96513789EEB312D8215E6124B3513AA118E2174BC5', NULL);
INSERT INTO recovery_codes (user_id, code_hash, used_at) VALUES (X'01A3185C5000793686144264009E561C', X'F5EF04BFD4FA29EDB1FC29DC980632C46F3C82D81529566EB693B830B6B2F0A6', NULL);
INSERT INTO recovery_codes (user_id, code_hash, used_at) VALUES (X'01A3185C5000793686144264009E561C', X'B06522E73A4ABEE6B83D02F60DBA96788BE19C413D4CE840FDFAFF4E85B66B9C', NULL);
INSERT INTO recovery_codes (user_id, code_hash, used_at) VALUES (X'01A3185C5000793686144264009E561C', X'29EE697983EE314CD5FC1197E529005DDDA8CE373807C0EA8454B71D9243654C', NULL);
INSERT INTO recovery_codes (user_id, code_hash, used_at) VALUES (X'01A3185C53E87B84840FFBFF2ACFE7EF', X'6AE49A6D0B7B1BDF0200A50734407638FC14CACD953E05D7BBBB3E1F5F62702F', NULL);
INSERT INTO recovery_codes (user_id, code_hash, used_at) VALUES (X'01A3185C53E87B84840FFBFF2ACFE7EF', X'ED0D844E26E1468453810A604556316573A170B4A0753AF8EF02863463B9BD26', NULL);
INSERT INTO recovery_codes (user_id, code_hash, used_at) VALUES (X'01A3185C53E87B84840FFBFF2ACFE7EF', X'3D82C43592AE5866E1E8A5A6EBC2C24EF9FBD0B00098AB258B92960B1299DC89', NULL);
INSERT INTO recovery_codes (user_id, code_hash, used_at) VALUES (X'01A3185C53E87B84840FFBFF2ACFE7EF', X'9F27DD6C030014F132F7A681B948FC9E74D6778A29AB8B7A9CB3CCB2706ABC15', NULL);
INSERT INTO recovery_codes (user_id, code_hash, used_at) VALUES (X'01A3185C53E87B84840FFBFF2ACFE7EF', X'981C7EB563A2D2C8C2AD52FA98F7E32AB7E4359890640C3ACD397903737DB712', NULL);
INSERT INTO recovery_codes (user_id, code_hash, used_at) VALUES (X'01A3185C53E87B84840FFBFF2ACFE7EF', X'3C238F5F93280513BD5D591D0865536027DCD51A3D12E1E17BD0AF4718C696D3', NULL);
INSERT INTO recovery_codes (user_id, code_hash, used_at) VALUES (X'01A3185C53E87B84840FFBFF2ACFE7EF', X'1EF6D0EC976AAB05817766FBEEEC9F7BAA310F909365B6C3C434356548848CA5', NULL);
INSERT INTO recovery_codes (user_id, code_hash, used_at) VALUES (X'01A3185C53E87B84840FFBFF2ACFE7EF', X'1808874B7CF2F923367F4657026192178AD02FBDF8F3A42784CC8E6B77B396EC', NULL);
INSERT INTO recovery_codes (user_id, code_hash, used_at) VALUES (X'01A3185C53E87B84840FFBFF2ACFE7EF', X'9567821C3D89F3F5A7A53A0C0A860ADD3048A107DBFE3765181E576773F31466', NULL);
INSERT INTO recovery_codes (user_id, code_hash, used_at) VALUES (X'01A3185C53E87B84840FFBFF2ACFE7EF', X'FA7F1D75473D8C3BDCF947F85EF8F2B2CABD31658F7EEA79A2AE7C9A205BE375', NULL);
INSERT INTO recovery_codes (user_id, code_hash, used_at) VALUES (X'01A3185C57D075E4810AA1B5971C310E', X'CA54F1C8FA3BC4AFAA3E02B345B6D87741097A441E1ABEFBF52B5821094178EF', NULL);
INSERT INTO recovery_codes (user_id, code_hash, used_at) VALUES (X'01A3185C57D075E4810AA1B5971C310E', X'B503974D9C30C3F9DDDE38C1EE0CB2D574DCF8207B081491F3B8F8339B9AC5F7', NULL);
INSERT INTO recovery_codes (user_id, code_hash, used_at) VALUES (X'01A3185C57D075E4810AA1B5971C310E', X'9C8D9CA3CCA2134B32B9FA4D500DD15CE9166F2B28CEC668F6631C48EEAA7D16', NULL);
INSERT INTO recovery_codes (user_id, code_hash, used_at) VALUES (X'01A3185C57D075E4810AA1B5971C310E', X'D172597246D15DDD34D0522064ABFCA77DBE1F75150BD731AB00049C59AACB8B', NULL);
INSERT INTO recovery_codes (user_id, code_hash, used_at) VALUES (X'01A3185C57D075E4810AA1B5971C310E', X'BBF270118CEA013AEA8B4EA2270CF958E36D2A7923C2BBED6B5408835D0073D7', NULL);
INSERT INTO recovery_codes (user_id, code_hash, used_at) VALUES (X'01A3185C57D075E4810AA1B5971C310E', X'15BB8ADE2D706C0CDA94600E46DB608918DED1D61CF79D3963AC785EE14FEF94', NULL);
INSERT INTO recovery_codes (user_id, code_hash, used_at) VALUES (X'01A3185C57D075E4810AA1B5971C310E', X'359B2BAB8632976999BA51E33BB2369F57D69337D30AA3AF49CC7B096B781DA3', NULL);
INSERT INTO recovery_codes (user_id, code_hash, used_at) VALUES (X'01A3185C57D075E4810AA1B5971C310E', X'525E3B4090C72A28AE74B452376C9696857C6C725572753295B8B75E8DFC3E2E', NULL);
INSERT INTO recovery_codes (user_id, code_hash, used_at) VALUES (X'01A3185C57D075E4810AA1B5971C310E', X'0639D56E9E7953E3A6AAC694926F21FBD557015724BE6A425242B1B7FB801BDB', NULL);
INSERT INTO recovery_codes (user_id, code_hash, used_at) VALUES (X'01A3185C57D075E4810AA1B5971C310E', X'5265DF2825858474B07D03EB7CC61D682ACAB92CABE5A0614156734CA918B8FB', NULL);
INSERT INTO accounts (id, name, created_at, owner_id, required_from, trusted_browsers_allowed, sms_counts, settings_version, settings_changed_at, settings_changed_by) VALUES (X'01A3185C500070F2AD461884748DE63A', 'Analytical Engines', 1800000000, X'01A3185C5000793686144264009E561C', 1800000060, 1, 0, 1, NULL, NULL);
INSERT INTO memberships (account_id, user_id, roles, joined_at, last_used_at, user_name, factor_kind) VALUES (X'01A3185C500070F2AD461884748DE63A', X'01A3185C5000793686144264009E561C', 0, 1800000000, NULL, 'Ada', 'app');
INSERT INTO memberships (account_id, user_id, roles, joined_at, last_used_at, user_name, factor_kind) VALUES (X'01A3185C500070F2AD461884748DE63A', X'01A3185C53E87B84840FFBFF2ACFE7EF', 2, 1800000001, NULL, 'Grace', 'app');
INSERT INTO memberships (account_id, user_id, roles, joined_at, last_used_at, user_name, factor_kind) VALUES (X'01A3185C500070F2AD461884748DE63A', X'01A3185C57D075E4810AA1B5971C310E', 2, 1800000002, NULL, 'Grace', 'sms');
INSERT INTO memberships (account_id, user_id, roles, joined_at, last_used_at, user_name, factor_kind) VALUES (X'01A3185C500070F2AD461884748DE63A', X'01A3185C5BB878D796AB501FCF60FEA5', 2, 1800000003, NULL, 'Grace', NULL);
INSERT INTO audit_events (id, at, kind, actor_kind, actor_id, actor_name, account_id, subject_id, subject_name, address, browser, details) VALUES (X'01A3185C500075FA8AE164486390451F', 1800000000, 'user_created', 'operator', NULL, '', NULL, X'01A3185C5000793686144264009E561C', 'Ada', '', '', '');
INSERT INTO audit_events (id, at, kind, actor_kind, actor_id, actor_name, account_id, subject_id, subject_name, address, browser, details) VALUES (X'01A3185C50007F96B8D55964F296DEEC', 1800000000, 'signed_in', 'user', X'01A3185C5000793686144264009E561C', 'Ada', NULL, NULL, '', '127.0.0.1', 'Test browser', '');
INSERT INTO audit_events (id, at, kind, actor_kind, actor_id, actor_name, account_id, subject_id, subject_name, address, browser, details) VALUES (X'01A3185C500070619F056668C5FB43C7', 1800000000, 'two_factor_enabled', 'user', X'01A3185C5000793686144264009E561C', 'Ada', NULL, NULL, '', '127.0.0.1', 'Test browser', '');
INSERT INTO audit_events (id, at, kind, actor_kind, actor_id, actor_name, account_id, subject_id, subject_name, address, browser, details) VALUES (X'01A3185C53E872229B610C3D78A9A789', 1800000001, 'invited', 'user', X'01A3185C5000793686144264009E561C', 'Ada', X'01A3185C500070F2AD461884748DE63A', NULL, '', '127.0.0.1', 'Test browser', 'ada@example.org');
INSERT INTO audit_events (id, at, kind, actor_kind, actor_id, actor_name, account_id, subject_id, subject_name, address, browser, details) VALUES (X'01A3185C53E8779BB1987F6E03F63864', 1800000001, 'user_created', 'user', X'01A3185C53E87B84840FFBFF2ACFE7EF', 'Grace', NULL, NULL, '', '127.0.0.1', 'Test browser', '');
INSERT INTO audit_events (id, at, kind, actor_kind, actor_id, actor_name, account_id, subject_id, subject_name, address, browser, details) VALUES (X'01A3185C53E87FDEB0A61D03A2B82356', 1800000001, 'joined', 'user', X'01A3185C53E87B84840FFBFF2ACFE7EF', 'Grace', X'01A3185C500070F2AD461884748DE63A', NULL, '', '127.0.0.1', 'Test browser', '');
INSERT INTO audit_events (id, at, kind, actor_kind, actor_id, actor_name, account_id, subject_id, subject_name, address, browser, details) VALUES (X'01A3185C53E87507A6227DC74EA071E1', 1800000001, 'signed_in', 'user', X'01A3185C53E87B84840FFBFF2ACFE7EF', 'Grace', NULL, NULL, '', '127.0.0.1', 'Test browser', '');
INSERT INTO audit_events (id, at, kind, actor_kind, actor_id, actor_name, account_id, subject_id, subject_name, address, browser, details) VALUES (X'01A3185C53E87025AA6D4ABD65921595', 1800000001, 'two_factor_enabled', 'user', X'01A3185C53E87B84840FFBFF2ACFE7EF', 'Grace', NULL, NULL, '', '127.0.0.1', 'Test browser', '');
INSERT INTO audit_events (id, at, kind, actor_kind, actor_id, actor_name, account_id, subject_id, subject_name, address, browser, details) VALUES (X'01A3185C57D077DDA0F824D595D96E8C', 1800000002, 'invited', 'user', X'01A3185C5000793686144264009E561C', 'Ada', X'01A3185C500070F2AD461884748DE63A', NULL, '', '127.0.0.1', 'Test browser', 'sam@example.org');
INSERT INTO audit_events (id, at, kind, actor_kind, actor_id, actor_name, account_id, subject_id, subject_name, address, browser, details) VALUES (X'01A3185C57D07E73A74285A4814EE746', 1800000002, 'user_created', 'user', X'01A3185C57D075E4810AA1B5971C310E', 'Grace', NULL, NULL, '', '127.0.0.1', 'Test browser', '');
INSERT INTO audit_events (id, at, kind, actor_kind, actor_id, actor_name, account_id, subject_id, subject_name, address, browser, details) VALUES (X'01A3185C57D0702AADCB08B368A2DF97', 1800000002, 'joined', 'user', X'01A3185C57D075E4810AA1B5971C310E', 'Grace', X'01A3185C500070F2AD461884748DE63A', NULL, '', '127.0.0.1', 'Test browser', '');
INSERT INTO audit_events (id, at, kind, actor_kind, actor_id, actor_name, account_id, subject_id, subject_name, address, browser, details) VALUES (X'01A3185C57D079E9834F810C759BE919', 1800000002, 'signed_in', 'user', X'01A3185C57D075E4810AA1B5971C310E', 'Grace', NULL, NULL, '', '127.0.0.1', 'Test browser', '');
INSERT INTO audit_events (id, at, kind, actor_kind, actor_id, actor_name, account_id, subject_id, subject_name, address, browser, details) VALUES (X'01A3185C57D07C28B34C86B593AF7768', 1800000002, 'two_factor_enabled', 'user', X'01A3185C57D075E4810AA1B5971C310E', 'Grace', NULL, NULL, '', '127.0.0.1', 'Test browser', '');
INSERT INTO audit_events (id, at, kind, actor_kind, actor_id, actor_name, account_id, subject_id, subject_name, address, browser, details) VALUES (X'01A3185C5BB87E729DF9C94988351DC1', 1800000003, 'invited', 'user', X'01A3185C5000793686144264009E561C', 'Ada', X'01A3185C500070F2AD461884748DE63A', NULL, '', '127.0.0.1', 'Test browser', 'rob@example.org');
INSERT INTO audit_events (id, at, kind, actor_kind, actor_id, actor_name, account_id, subject_id, subject_name, address, browser, details) VALUES (X'01A3185C5BB87E71A78FF7BC9090211F', 1800000003, 'user_created', 'user', X'01A3185C5BB878D796AB501FCF60FEA5', 'Grace', NULL, NULL, '', '127.0.0.1', 'Test browser', '');
INSERT INTO audit_events (id, at, kind, actor_kind, actor_id, actor_name, account_id, subject_id, subject_name, address, browser, details) VALUES (X'01A3185C5BB8708396E0C8A08F030885', 1800000003, 'joined', 'user', X'01A3185C5BB878D796AB501FCF60FEA5', 'Grace', X'01A3185C500070F2AD461884748DE63A', NULL, '', '127.0.0.1', 'Test browser', '');
INSERT INTO audit_events (id, at, kind, actor_kind, actor_id, actor_name, account_id, subject_id, subject_name, address, browser, details) VALUES (X'01A3185C5BB8722DACA3DB2E3CD99997', 1800000003, 'signed_in', 'user', X'01A3185C5BB878D796AB501FCF60FEA5', 'Grace', NULL, NULL, '', '127.0.0.1', 'Test browser', '');
INSERT INTO audit_events (id, at, kind, actor_kind, actor_id, actor_name, account_id, subject_id, subject_name, address, browser, details) VALUES (X'01A3185C5FA07A8F93121C7DAF1CD717', 1800000004, 'invited', 'user', X'01A3185C5000793686144264009E561C', 'Ada', X'01A3185C500070F2AD461884748DE63A', NULL, '', '127.0.0.1', 'Test browser', 'new@example.org');
INSERT INTO instance (id, application, created_at, key_check, setup_token_hash) VALUES (1, 'twofold', 1800000000, X'012B21DBBE9A3744504560639EC670B7A17D492B273E077B0A96BEF58B5591C9D6D9926B2486FEA68372F7AB66DD1E14CE4150CF8D6BF775149819E442E9B273EA43B7678E8FAA11EF', X'A8CA18F80B785299736B5D4B14AE0AA6FE4C0C5B84FFCEEDA2F77A0F3830CAD4');
INSERT INTO invitations (id, account_id, token_hash, email, name, roles, invited_by, expires_at) VALUES (X'01A3185C5FA072EBA98B2F5A70969DCF', X'01A3185C500070F2AD461884748DE63A', X'80D4055FD40EB238314F092D9BD7C5AF58D5970AD6004B267613E63DFC40D76F', 'new@example.org', 'Grace', 2, 'Ada', 1800604804);
