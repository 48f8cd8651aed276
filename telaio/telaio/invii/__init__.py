"""The closed-loop referral between partners: two half-histories, one state, somebody who must act and by when."""
