/** What stands where the name of one stood who has left the service; fits as a nickname, too. */
export const NAME_OF_THE_GONE = '탈퇴한 회원';
