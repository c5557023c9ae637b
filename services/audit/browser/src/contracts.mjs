// The contracts of proto/, field by field; a test compares the two. A kind is a
// format, "sealed" for a commitment with whose content it is, or the name of a message or enum; * is a
// list, ? a number that may be absent.

import { bytesOfBase64, timeOf } from './bytes.mjs';

const MESSAGES = {
  'v1.Money': 'minor:int64 currency:currency',
  'v1.Rung': 'criterion:slug mostFirstPlaces:bool higherMedian:bool',
  'v1.Criterion': 'id:slug weight:decimal',
  'v1.Scale': 'min:decimal max:decimal step:decimal',
  'v1.Tally':
    'scale:v1.Scale criteria:*v1.Criterion aggregation:v1.Aggregation trim:uint32 ' +
    'normalisation:v1.Normalisation roundCriterion:?uint32 roundWeighted:?uint32 roundTotal:?uint32 ' +
    'ties:*v1.Rung leastMarks:uint32',
  'v1.Round':
    'id:slug kind:v1.RoundKind end:v1.RoundEnd tally:v1.Tally judgesPerPitch:uint32 anonymous:bool ' +
    'quorum:uint32 independentJudgeNeeded:bool',
  'v1.Prize': 'id:slug rank:uint32 amount:v1.Money support:bool',
  'v1.GateQuestion': 'id:slug',
  'v1.FormQuestion': 'id:slug required:bool mostCharacters:uint32',
  'v1.Rulebook':
    'call:v1.CallKind deadline:time graceSeconds:uint32 timeZone:zone languages:*language gate:*v1.GateQuestion ' +
    'form:*v1.FormQuestion rounds:*v1.Round prizes:*v1.Prize pot:v1.Money marks:v1.MarksVisibility embargo:time ' +
    'daysToAccept:uint32 mayGiveNoAward:bool daysKept:uint32 mostAttachments:uint32',
  'submissions.v1.ProgrammeDrafted': 'title:sealed/PROGRAMME/programme',
  'submissions.v1.RoleGranted': 'member:id role:v1.Role',
  'submissions.v1.RoleRevoked': 'member:id role:v1.Role',
  'submissions.v1.OrganiserConflictDeclared': 'member:id pitch:id nature:sealed/MEMBER/member',
  'submissions.v1.RulebookPublished': 'rulebook:v1.Rulebook hash:digest prose:sealed/PROGRAMME/programme',
  'submissions.v1.RulebookAmended': 'hash:digest prose:sealed/PROGRAMME/programme reason:v1.Reason',
  'submissions.v1.CallOpeningProposed': 'rulebookHash:digest by:id',
  'submissions.v1.CallOpened': 'proposedBy:id confirmedBy:id rulebookHash:digest deadline:time graceSeconds:uint32',
  'submissions.v1.EntrantInvited': 'member:id',
  'submissions.v1.EntrantDeclined': 'member:id',
  'submissions.v1.DeadlineMoved': 'deadline:time reason:v1.Reason graceSeconds:uint32',
  'submissions.v1.EarlyClosingProposed': 'by:id',
  'submissions.v1.CallClosed': 'proposedBy:id confirmedBy:id at:time',
  'submissions.v1.ScreeningCompleted': 'eligible:uint32 refused:uint32 digest:digest',
  'submissions.v1.ProgrammeCancelled': 'reason:v1.Reason',
  'submissions.v1.ProgrammeConcluded': '',
  'submissions.v1.AuditorProposed': 'member:id by:id',
  'submissions.v1.AuditorAdmitted': 'member:id proposedBy:id confirmedBy:id',
  'submissions.v1.AuditorDismissed': 'member:id',
  'submissions.v1.ForgettingAsked': 'subject:v1.Subject id:id reason:v1.Reason',
  'submissions.v1.PitchSubmitted':
    'submission:uint32 team:*id title:sealed/PITCH/stream teamName:sealed/PITCH/stream ' +
    'answers:sealed/PITCH/stream rulebookHash:digest receivedAt:time byItself:bool attachments:sealed/PITCH/stream',
  'submissions.v1.PitchWithdrawn': '',
  'submissions.v1.PitchQueried': 'question:sealed/PITCH/stream',
  'submissions.v1.QueryAnswered': 'answer:sealed/PITCH/stream',
  'submissions.v1.PitchScreened':
    'outcome:submissions.v1.Screening reason:v1.Reason words:sealed/PITCH/stream again:bool by:id',
  'submissions.v1.DisqualificationProposed': 'reason:v1.Reason by:id',
  'submissions.v1.PitchDisqualified': 'proposedBy:id confirmedBy:id reason:v1.Reason',
  'submissions.v1.ReopeningProposed': 'until:time reason:v1.Reason by:id',
  'submissions.v1.PitchReopened': 'proposedBy:id confirmedBy:id until:time reason:v1.Reason',
  'panels.v1.PanelConvened': 'round:slug anonymous:bool',
  'panels.v1.SeatOffered': 'judge:id member:id',
  'panels.v1.AssignmentsCompleted':
    'assignments:uint32 pitches:uint32 judges:uint32 judgesPerPitch:uint32 digest:digest seed:digest',
  'panels.v1.PanelReady': 'judges:uint32 assignments:uint32',
  'panels.v1.JudgeInvited': 'panel:id member:id office:panels.v1.Office independent:bool cap:uint32',
  'panels.v1.JudgeAccepted': '',
  'panels.v1.JudgeDeclined': '',
  'panels.v1.JudgeStoodDown': 'reason:v1.Reason',
  'panels.v1.InterestsListed': 'interests:sealed/MEMBER/actor',
  'panels.v1.InterestDeclared': 'pitch:id connection:panels.v1.Connection nature:sealed/MEMBER/actor',
  'panels.v1.KnownConnectionAllowed': 'pitch:id',
  'panels.v1.DeclarationConfirmed': 'pitches:uint32 digest:digest',
  'panels.v1.JudgeRecused': 'pitch:id reason:v1.Reason nature:sealed/MEMBER/member panel:id member:id',
  'panels.v1.AssignmentMade': 'pitch:id panel:id member:id',
  'panels.v1.AssignmentWithdrawn': 'pitch:id panel:id member:id reason:v1.Reason',
  'scoring.v1.PanelTaken': 'judges:uint32 assignments:uint32',
  'scoring.v1.RoundOpened':
    'rulebookHash:digest round:slug tally:v1.Tally end:v1.RoundEnd marks:v1.MarksVisibility scorecards:uint32',
  'scoring.v1.RoundLocked': '',
  'scoring.v1.UnsealingProposed': 'by:id',
  'scoring.v1.RoundUnsealed':
    'proposedBy:id confirmedBy:id sealed:uint32 abstained:uint32 setAside:uint32 missing:uint32 digest:digest',
  'scoring.v1.LateFactAnswered': 'fact:scoring.v1.LateFact outcome:scoring.v1.LateOutcome scorecard:id',
  'scoring.v1.RoundVoided': 'reason:v1.Reason',
  'scoring.v1.ScorecardExpected': 'round:id pitch:id judge:id',
  'scoring.v1.ScorecardReleased': 'reason:v1.Reason',
  'scoring.v1.ScorecardSealed':
    'sealing:uint32 marks:sealed/ROUND/round commentToPanel:sealed/MEMBER/actor ' +
    'commentToEntrant:sealed/MEMBER/actor round:id receivedAt:time',
  'scoring.v1.CommentReturned': 'reason:v1.Reason',
  'scoring.v1.CommentReworded': 'commentToEntrant:sealed/MEMBER/actor',
  'scoring.v1.ScorecardAbstained': 'reason:v1.Reason words:sealed/MEMBER/actor',
  'scoring.v1.ScorecardSetAside': 'reason:v1.Reason',
  'scoring.v1.Mark': 'criterion:slug mark:decimal',
  'scoring.v1.ScorecardUnsealed': 'commitment:commitment salt:salt marks:*scoring.v1.Mark',
  'scoring.v1.PitchRanked':
    'pitch:id total:decimal rank:uint32 sharedBy:uint32 scorecards:uint32 derivation:digest ' +
    'sealedDerivation:sealed/ROUND/stream',
  'scoring.v1.ResultDeclared':
    'pitches:uint32 ranked:uint32 derivation:digest rulebookHash:digest round:slug ' +
    'sealedDerivation:sealed/ROUND/stream',
  'awards.v1.PlaceTaken': 'pitch:id rank:uint32 sharedBy:uint32',
  'awards.v1.RankingTaken': 'round:slug places:uint32',
  'awards.v1.AmountReserved': 'award:id pitch:id prize:slug amount:v1.Money',
  'awards.v1.AmountReleased': 'award:id reason:v1.Reason',
  'awards.v1.WinnersAnnounced': 'awards:uint32 total:v1.Money digest:digest',
  'awards.v1.AnnouncementScheduled': 'at:time',
  'awards.v1.AnnouncementUnscheduled': '',
  'awards.v1.AwardProposed':
    'pitch:id prize:slug amount:v1.Money round:slug rank:uint32 departure:v1.Reason inPlaceOf:id by:id',
  'awards.v1.AwardApproved': 'proposedBy:id approvedBy:id',
  'awards.v1.AwardRefused': 'reason:v1.Reason',
  'awards.v1.AwardAnnounced': 'acceptBy:time',
  'awards.v1.AwardAccepted': '',
  'awards.v1.AwardDeclined': '',
  'awards.v1.AwardLapsed': '',
  'awards.v1.AwardWithdrawn': 'proposedBy:id confirmedBy:id reason:v1.Reason',
  'awards.v1.WithdrawalProposed': 'reason:v1.Reason by:id',
  'awards.v1.PayeeNamed': 'by:id payee:sealed/PROGRAMME/programme account:sealed/MEMBER/actor amount:v1.Money',
  'awards.v1.PayeeChecked': 'payee:commitment account:commitment',
  'awards.v1.AgreementRecorded': 'agreement:sealed/MEMBER/actor',
  'awards.v1.PayoutRequested': 'amount:v1.Money by:id',
  'awards.v1.PayoutAuthorised': 'requestedBy:id authorisedBy:id',
  'awards.v1.PayoutSent': 'reference:sealed/PROGRAMME/programme at:time',
  'awards.v1.PayoutConfirmed': '',
  'awards.v1.PayoutTakenAsReceived': '',
  'awards.v1.PayoutFailed': 'reason:v1.Reason',
  'awards.v1.SupportPledged':
    'what:sealed/PROGRAMME/programme quarters:uint32 unit:awards.v1.SupportUnit award:id by:id',
  'awards.v1.SupportAccepted': 'pitch:id',
  'awards.v1.SupportScheduled': 'at:time quarters:uint32',
  'awards.v1.SupportDelivered': 'part:uint32 quarters:uint32 evidence:sealed/MEMBER/actor',
  'awards.v1.SupportDeliveryConfirmed': 'part:uint32',
  'awards.v1.SupportClosed': 'quartersPledged:uint32 quartersDelivered:uint32',
  'accounts.v1.MemberInvited': '',
  'accounts.v1.MemberJoined': '',
  'accounts.v1.MemberForgotten': '',
  'intake.v1.FactTaken':
    'programmeDrafted:submissions.v1.ProgrammeDrafted roleGranted:submissions.v1.RoleGranted ' +
    'roleRevoked:submissions.v1.RoleRevoked organiserConflictDeclared:submissions.v1.OrganiserConflictDeclared ' +
    'rulebookPublished:submissions.v1.RulebookPublished callOpened:submissions.v1.CallOpened ' +
    'callClosed:submissions.v1.CallClosed screeningCompleted:submissions.v1.ScreeningCompleted ' +
    'programmeCancelled:submissions.v1.ProgrammeCancelled auditorAdmitted:submissions.v1.AuditorAdmitted ' +
    'auditorDismissed:submissions.v1.AuditorDismissed pitchSubmitted:submissions.v1.PitchSubmitted ' +
    'pitchWithdrawn:submissions.v1.PitchWithdrawn pitchScreened:submissions.v1.PitchScreened ' +
    'pitchDisqualified:submissions.v1.PitchDisqualified judgeInvited:panels.v1.JudgeInvited ' +
    'judgeAccepted:panels.v1.JudgeAccepted judgeStoodDown:panels.v1.JudgeStoodDown ' +
    'interestDeclared:panels.v1.InterestDeclared knownConnectionAllowed:panels.v1.KnownConnectionAllowed ' +
    'declarationConfirmed:panels.v1.DeclarationConfirmed judgeRecused:panels.v1.JudgeRecused ' +
    'assignmentMade:panels.v1.AssignmentMade assignmentWithdrawn:panels.v1.AssignmentWithdrawn ' +
    'winnersAnnounced:awards.v1.WinnersAnnounced actor:id',
  'intake.v1.HoldingsCounted': 'milestone:intake.v1.Milestone asOf:uint64 streams:uint32 digest:digest',
  'intake.v1.IntakeRefused': 'code:slug',
  'intake.v1.OpeningsLost': 'openings:uint32 digest:digest',
  'intake.v1.OpeningsForgotten': 'id:id subject:v1.Subject openings:uint32 because:intake.v1.ForgottenBecause',
  'intake.v1.OpeningForgotten': 'commitment:commitment because:intake.v1.ForgottenBecause',
};

// The names of each enum's values, by number.
const ENUMS = {
  'v1.Role':
    '0:ROLE_UNSPECIFIED 1:ROLE_ORGANISER 2:ROLE_APPROVER 3:ROLE_HELPER 4:ROLE_TELLER',
  'v1.Reason':
    '0:REASON_UNSPECIFIED 1:REASON_SERVICE_FAULT 2:REASON_OUR_FAULT 3:REASON_OUTSIDE_OUR_CONTROL ' +
    '4:REASON_ADJUSTMENT 5:REASON_LATE_APPEAL_ACCEPTED 6:REASON_CLARIFICATION 7:REASON_TOO_FEW_PITCHES ' +
    '20:REASON_GATE_NOT_MET 21:REASON_INCOMPLETE 22:REASON_DUPLICATE 23:REASON_OUT_OF_SCOPE ' +
    '24:REASON_RULES_BROKEN 25:REASON_MADE_IN_ERROR 40:REASON_CONFLICT_OF_INTEREST 41:REASON_ABSENT ' +
    '42:REASON_NOT_COMPETENT 43:REASON_COULD_NOT_OPEN 44:REASON_REASSIGNED 45:REASON_PITCH_LEFT ' +
    '46:REASON_STOOD_DOWN 60:REASON_PANEL_DEPARTURE 61:REASON_INELIGIBLE_WINNER 62:REASON_CONDITION_NOT_MET ' +
    '63:REASON_WITHDRAWN_BY_ENTRANT 64:REASON_BANK_REFUSED 65:REASON_DETAILS_WRONG 66:REASON_NOT_ANSWERED ' +
    '80:REASON_PERSON_ASKED 81:REASON_KEPT_LONG_ENOUGH',
  'v1.Aggregation':
    '0:AGGREGATION_UNSPECIFIED 1:AGGREGATION_MEAN 2:AGGREGATION_MEDIAN 3:AGGREGATION_TRIMMED_MEAN',
  'v1.Normalisation':
    '0:NORMALISATION_UNSPECIFIED 1:NORMALISATION_NONE',
  'v1.RoundKind':
    '0:ROUND_KIND_UNSPECIFIED 1:ROUND_KIND_DESK 2:ROUND_KIND_INTERVIEW 3:ROUND_KIND_DEN',
  'v1.RoundEnd':
    '0:ROUND_END_UNSPECIFIED 1:ROUND_END_MARKS_ONLY',
  'v1.CallKind':
    '0:CALL_KIND_UNSPECIFIED 1:CALL_KIND_OPEN 2:CALL_KIND_INVITED',
  'v1.MarksVisibility':
    '0:MARKS_VISIBILITY_UNSPECIFIED 1:MARKS_VISIBILITY_PUBLIC 2:MARKS_VISIBILITY_OWN_ENTRANT',
  'submissions.v1.Screening':
    '0:SCREENING_UNSPECIFIED 1:SCREENING_ELIGIBLE 2:SCREENING_INELIGIBLE',
  'panels.v1.Office':
    '0:OFFICE_UNSPECIFIED 1:OFFICE_JUDGE 2:OFFICE_CHAIR 3:OFFICE_DEPUTY',
  'panels.v1.Connection':
    '0:CONNECTION_UNSPECIFIED 1:CONNECTION_NONE 2:CONNECTION_KNOWN 3:CONNECTION_STAND_ASIDE',
  'scoring.v1.LateFact':
    '0:LATE_FACT_UNSPECIFIED 1:LATE_FACT_RECUSAL 2:LATE_FACT_ASSIGNMENT 3:LATE_FACT_ASSIGNMENT_WITHDRAWN ' +
    '4:LATE_FACT_PITCH_LEFT',
  'scoring.v1.LateOutcome':
    '0:LATE_OUTCOME_UNSPECIFIED 1:LATE_OUTCOME_SET_ASIDE 2:LATE_OUTCOME_NOTED',
  'awards.v1.SupportUnit':
    '0:SUPPORT_UNIT_UNSPECIFIED 1:SUPPORT_UNIT_HOUR 2:SUPPORT_UNIT_DAY 3:SUPPORT_UNIT_ITEM',
  'intake.v1.Milestone':
    '0:MILESTONE_UNSPECIFIED 1:MILESTONE_CALL_CLOSED 2:MILESTONE_ROUND_LOCKED 3:MILESTONE_RESULT_DECLARED ' +
    '4:MILESTONE_ANNOUNCED 5:MILESTONE_CONCLUDED 6:MILESTONE_CANCELLED',
  'intake.v1.ForgottenBecause':
    '0:FORGOTTEN_BECAUSE_UNSPECIFIED 1:FORGOTTEN_BECAUSE_ASKED 2:FORGOTTEN_BECAUSE_KEPT_LONG_ENOUGH ' +
    '3:FORGOTTEN_BECAUSE_NOT_NEEDED',
  'v1.Subject':
    '0:SUBJECT_UNSPECIFIED 1:SUBJECT_MEMBER 2:SUBJECT_PITCH 3:SUBJECT_ROUND 4:SUBJECT_PROGRAMME',
};

// What no check reads need only be JSON.
const UNREAD = new Set(['submissions.v1.ForgettingAsked', 'panels.v1.PanelConvened', 'panels.v1.SeatOffered', 'intake.v1.IntakeRefused']);

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;
const FULL = 'plaudit.';

const fieldsOf = new Map(
  Object.entries(MESSAGES).map(([name, fields]) => [
    name,
    new Map(fields.split(' ').filter(Boolean).map((field) => [field.slice(0, field.indexOf(':')), kindOf(field)])),
  ]),
);
const valuesOf = new Map(
  Object.entries(ENUMS).map(([name, values]) => [name, new Map(values.split(' ').map((value) => value.split(':').reverse()))]),
);

function kindOf(field) {
  const kind = field.slice(field.indexOf(':') + 1);
  const [, sealed, subject, of] = /^(sealed)\/(\w+)\/(\w+)$/.exec(kind) ?? [];
  return { list: kind.startsWith('*'), optional: kind.startsWith('?'), name: sealed ?? kind.replace(/^[*?]/, ''), subject, of };
}

export function isId(text) {
  return typeof text === 'string' && UUID.test(text);
}

/** Whether a check reads events of this type, so that they must be as their contract says. */
export function isChecked(type) {
  const name = type.slice(FULL.length);
  return type.startsWith(FULL) && fieldsOf.has(name) && !UNREAD.has(name);
}

/** The message without its package, such as PitchSubmitted. */
export function nameOf(type) {
  return type.slice(type.lastIndexOf('.') + 1);
}

/**
 * Reads a message from its ProtoJSON: what is absent becomes 0, false, '', [] or
 * null, a time nanoseconds, a 64-bit number a BigInt; other fields stay as they
 * are; what the contract doesn't have is passed over. Throws a RangeError where a
 * field is not of its type.
 */
export function read(type, json) {
  return readMessage(type.slice(FULL.length), json, type);
}

function readMessage(name, json, path) {
  if (typeof json !== 'object' || json === null || Array.isArray(json)) throw new RangeError(path);
  const fields = fieldsOf.get(name);
  const message = {};
  for (const [key, kind] of fields) {
    const value = json[key] ?? null;
    const where = `${path}.${key}`;
    if (!kind.list) message[key] = value === null ? absent(kind) : readValue(kind.name, value, where);
    else if (value !== null && !Array.isArray(value)) throw new RangeError(where);
    else message[key] = (value ?? []).map((item) => readValue(kind.name, item, where));
  }
  return message;
}

function absent({ name, optional }) {
  if (optional || name === 'time' || fieldsOf.has(name)) return null;
  if (name === 'uint32') return 0;
  if (name === 'uint64' || name === 'int64') return 0n;
  if (name === 'bool') return false;
  return valuesOf.has(name) ? valuesOf.get(name).keys().next().value : '';
}

function readValue(kind, value, path) {
  const read = fieldsOf.has(kind) ? readMessage(kind, value, path) : readScalar(kind, value);
  if (read === undefined) throw new RangeError(path);
  return read;
}

function readScalar(kind, value) {
  if (kind === 'bool') return typeof value === 'boolean' ? value : undefined;
  if (kind === 'uint32') return Number.isInteger(value) && value >= 0 && value < 2 ** 32 ? value : undefined;
  if (typeof value !== 'string') return undefined;
  if (kind === 'uint64' || kind === 'int64') {
    return /^-?(0|[1-9][0-9]{0,18})$/.test(value) && (kind === 'int64' || value[0] !== '-') ? BigInt(value) : undefined;
  }
  if (valuesOf.has(kind)) return valuesOf.get(kind).has(value) ? value : undefined;
  if (kind === 'time') return timeOf(value) ?? undefined;
  return isWellFormed(kind, value) ? value : undefined;
}

function isWellFormed(kind, text) {
  if (text === '') return true;
  if (kind === 'id') return UUID.test(text);
  if (['digest', 'commitment', 'salt', 'sealed'].includes(kind)) return bytesOfBase64(text) !== null;
  return true;
}

/** The seals that this event made: `{ field: 'PitchSubmitted.team_name', commitment, subject, id }`. */
export function sealsOf({ type, data, id, programme, member }) {
  const seals = [];
  for (const [key, kind] of fieldsOf.get(type.slice(FULL.length)) ?? []) {
    if (kind.name !== 'sealed' || data[key] === '') continue;
    const whose = { stream: id, programme, actor: member }[kind.of] ?? data[camelOf(kind.of)];
    seals.push({ field: `${nameOf(type)}.${snakeOf(key)}`, commitment: data[key], subject: `SUBJECT_${kind.subject}`, id: whose });
  }
  return seals;
}

function snakeOf(name) {
  return name.replaceAll(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
}

function camelOf(name) {
  return name.replaceAll(/_(\w)/g, (_, letter) => letter.toUpperCase());
}

/** The number of an enum's value. */
export function numberOf(name, value) {
  for (const [key, number] of valuesOf.get(name)) if (key === value) return Number(number);
  return 0;
}

/** The contracts as they are written above, for a test to compare. */
export function contracts() {
  return { messages: MESSAGES, enums: ENUMS };
}
