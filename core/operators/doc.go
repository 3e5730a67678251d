// Package operators is who may sign in to the console: operators and their
// roles, how they prove who they are, their sessions, and what holds for all of
// them. Its files, by what they are about:
//
//   - who they are: operator, service
//   - signing in: signin, attempt, answer, floor, session, standing, stepup, wall, place
//   - what was tried too often: bucket, source, tally, tries
//   - second factors: factor, totp, enrol, factoroff, recovery, mailed, device
//   - passwords: password, guessed
//   - one's own account: profile, own, language
//   - looking after others: staff, guard, edit, invite, invitecode, takeup, breakglass
//   - what holds for the whole company: company, companyplan
//   - telling those concerned: tell
//   - examining what is stored, and what a restore voids: examine, examinesignin, examinestaff, restored, endall
package operators
