package core

// staffActions are about operators as people: what an admin may do to whom is
// for the acts themselves to refuse (R86).
func staffActions() []Action {
	anonymous, local := Actors(ActorAnonymous), Actors(ActorLocal)
	all := []Action{
		{ID: ActLookAtCode, Actors: anonymous, Reads: true},
		{ID: ActTakeUp, Actors: anonymous, Frees: true},
		{ID: ActForgot, Actors: anonymous},
		{ID: ActProfilePassword, Roles: everyone()}, // takes the present password with it
		{ID: ActProfileName, Roles: everyone()},
		{ID: ActProfileAddress, Roles: everyone(), StepUp: true, Walled: true},
		{ID: ActProfileConfirmAddress, Roles: everyone(), StepUp: true, Walled: true},
		{ID: ActOperatorList, Roles: admins(), Actors: local, Whole: true, Reads: true},
		{ID: ActCompanyShow, Roles: admins(), Actors: local, Whole: true, Reads: true},
		{ID: ActOperatorBreakGlass, Actors: local, Whole: true},
	}
	for _, id := range []ActionID{
		ActOperatorInvite, ActOperatorInviteAgain, ActOperatorEdit, ActOperatorDisable, ActOperatorEnable,
		ActOperatorReset, ActOperatorResetFactor, ActOperatorEndSessions, ActCompanySave,
	} {
		all = append(all, Action{ID: id, Roles: admins(), Actors: local, Whole: true, StepUp: true})
	}
	return all
}
